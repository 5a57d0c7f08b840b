import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { StandaloneAddress } from '@lantai/firmware-sim'
import { MangledWire } from './wire.ts'

const host = '127.0.0.1'

/** A UDP device behind a port of ours; every chunk is one datagram. */
export class UdpWire extends MangledWire {
  #front: Socket | null = null
  #back: Socket | null = null
  #client: { address: string; port: number } | null = null
  #port = 0

  get address(): StandaloneAddress {
    return { host, port: this.#port, path: '' }
  }

  inject(bytes: Uint8Array): boolean {
    return this.#toDriver(bytes)
  }

  protected async join(target: StandaloneAddress) {
    if (this.#front) return
    const front = createSocket('udp4')
    const back = createSocket('udp4')
    this.#front = front
    this.#back = back
    front.on('message', (bytes, from) => {
      this.#client = from
      if (!this.mangler.swallows) back.send(bytes, target.port, target.host)
    })
    back.on('message', (bytes) => this.mangler.take(bytes, (out) => this.#toDriver(out)))
    front.bind(this.#port, host)
    back.bind(0, host)
    await Promise.all([once(front, 'listening'), once(back, 'listening')])
    this.#port = front.address().port
  }

  #toDriver(bytes: Uint8Array): boolean {
    if (!this.#front || !this.#client) return false
    this.#front.send(bytes, this.#client.port, this.#client.address)
    return true
  }

  protected async part() {
    const open = [this.#front, this.#back].filter((s) => s !== null)
    this.#front = null
    this.#back = null
    await Promise.all(
      open.map(async (socket) => {
        const closed = once(socket, 'close')
        socket.close()
        await closed
      }),
    )
  }
}
