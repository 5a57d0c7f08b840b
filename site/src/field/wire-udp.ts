import { createSocket, type Socket } from 'node:dgram'
import { once } from 'node:events'
import type { StandaloneAddress } from '@lantai/firmware-sim'
import type { Seeded } from './seeded.ts'
import { Mangler, type Mangling, type Wire } from './wire.ts'

const host = '127.0.0.1'

/** A UDP device behind a port of ours; every chunk is one datagram. */
export class UdpWire implements Wire {
  readonly #mangler: Mangler
  #front: Socket | null = null
  #back: Socket | null = null
  #client: { address: string; port: number } | null = null
  #target: StandaloneAddress | null = null
  #port = 0
  #cut = false

  constructor(rng: Seeded) {
    this.#mangler = new Mangler(rng)
  }

  get address(): StandaloneAddress {
    return { host, port: this.#port, path: '' }
  }
  get spoilt() {
    return this.#mangler.spoilt
  }
  get carried() {
    return this.#mangler.carried
  }

  mangle(how: Mangling) {
    this.#mangler.set(how)
  }
  inject(bytes: Uint8Array): boolean {
    return this.#toDriver(bytes)
  }
  async cut() {
    this.#cut = true
    await this.#close()
  }
  async mend() {
    this.#cut = false
    await this.#open()
  }
  async deviceUp(at: StandaloneAddress) {
    this.#target = at
    await this.#open()
  }
  async deviceDown() {
    this.#target = null
    await this.#close()
  }
  async [Symbol.asyncDispose]() {
    this.#target = null
    await this.#close()
  }

  async #open() {
    const target = this.#target
    if (this.#front || this.#cut || !target) return
    const front = createSocket('udp4')
    const back = createSocket('udp4')
    this.#front = front
    this.#back = back
    front.on('message', (bytes, from) => {
      this.#client = from
      if (!this.#mangler.swallows) back.send(bytes, target.port, target.host)
    })
    back.on('message', (bytes) => this.#mangler.take(bytes, (out) => this.#toDriver(out)))
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

  async #close() {
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
