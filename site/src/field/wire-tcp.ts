import { once } from 'node:events'
import { connect, createServer, type Server, type Socket } from 'node:net'
import type { StandaloneAddress } from '@lantai/firmware-sim'
import { DeafDoor } from './deaf-door.ts'
import { MangledWire, type Mangling } from './wire.ts'

const host = '127.0.0.1'

/**
 * Below the ports that Linux hands out by itself (32768 and on): while a device is down its port is free, and nobody
 * else on a busy machine is to be found there by its driver.
 */
const [lowest, highest] = [20_000, 32_000]

/** Listens on a port that nobody has; which one. */
async function listenSomewhere(server: Server): Promise<number> {
  for (;;) {
    const port = lowest + Math.floor(Math.random() * (highest - lowest))
    try {
      server.listen(port, host)
      await once(server, 'listening')
      return port
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw error
    }
  }
}

/** A TCP device behind a listening socket of ours. TLS passes through as bytes. */
export class TcpWire extends MangledWire {
  readonly #sockets = new Set<Socket>()
  readonly #clients = new Set<Socket>()
  /** Their other half was closed while nothing got through. */
  readonly #orphans = new Set<Socket>()
  #server: Server | null = null
  #deaf: DeafDoor | null = null
  #port = 0

  get address(): StandaloneAddress {
    return { host, port: this.#port, path: '' }
  }
  /** Drivers connected just now. */
  get clients() {
    return this.#clients.size
  }

  override mangle(how: Mangling) {
    super.mangle(how)
    if (this.mangler.swallows) return
    // The first packet that gets through again tells each side that the other has long hung up.
    for (const socket of this.#orphans) socket.destroy()
    this.#orphans.clear()
  }
  override async deafen() {
    if (!this.#server || this.#deaf) return
    this.#server.close()
    this.#server = null
    this.#deaf = await DeafDoor.open(host, this.#port)
  }
  override async hear() {
    await this.#deaf?.[Symbol.asyncDispose]()
    this.#deaf = null
    if (this.target) await this.join()
  }
  inject(bytes: Uint8Array): boolean {
    for (const client of this.#clients) client.write(bytes)
    return this.#clients.size > 0
  }

  /** Nobody listens while there is no device: a driver is refused as by a device without power. */
  protected async join() {
    if (this.#server || this.#deaf) return
    const server = createServer({ noDelay: true }, (client) => this.#serve(client))
    this.#server = server
    if (this.#port === 0) {
      this.#port = await listenSomewhere(server)
      return
    }
    server.listen(this.#port, host)
    await once(server, 'listening')
  }
  protected async part() {
    const server = this.#server
    this.#server = null
    await this.#deaf?.[Symbol.asyncDispose]()
    this.#deaf = null
    for (const socket of this.#sockets) socket.destroy()
    if (!server) return
    server.close()
    await once(server, 'close')
  }

  #serve(client: Socket) {
    const { target } = this
    if (!target) return client.destroy()
    const device = connect({ host: target.host, port: target.port, noDelay: true })
    this.#clients.add(client)
    client.on('data', (bytes) => {
      if (!this.mangler.swallows) device.write(bytes)
    })
    const deliver = (out: Uint8Array) => void (client.writable && client.write(out))
    device.on('data', (bytes) => this.mangler.take(bytes, deliver, () => client.end()))
    this.#tie(client, device)
    this.#tie(device, client)
    client.once('close', () => this.#clients.delete(client))
    return undefined
  }

  #tie(one: Socket, other: Socket) {
    this.#sockets.add(one)
    // Resets are what this program is for; `close` follows and does the rest.
    one.on('error', () => one.destroy())
    one.once('close', () => {
      this.#sockets.delete(one)
      // In a black hole nobody hears that the other has hung up.
      if (!this.mangler.swallows || other.connecting) other.destroy()
      else if (!other.destroyed) this.#orphans.add(other)
    })
  }
}
