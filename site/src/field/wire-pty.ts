import { PtyPair, type StandaloneAddress } from '@lantai/firmware-sim'
import { type ByteLink, systemIo } from '@lantai/gateway'
import type { Seeded } from './seeded.ts'
import { Mangler, type Mangling, type Wire } from './wire.ts'

const againMs = 50

/** A serial device behind a pty pair of ours: we hold its port, the driver holds ours. */
export class PtyWire implements Wire {
  readonly #mangler: Mangler
  readonly #pair: PtyPair
  readonly #path: string
  #device: ByteLink | null = null
  #target: StandaloneAddress | null = null
  #cut = false

  constructor(rng: Seeded, path: string) {
    this.#mangler = new Mangler(rng)
    this.#path = path
    this.#pair = new PtyPair(path, (bytes) => {
      if (!this.#mangler.swallows) this.#device?.write(bytes)
    })
  }

  get address(): StandaloneAddress {
    return { host: '', port: 0, path: this.#path }
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
    this.#pair.write(Buffer.from(bytes))
    return this.#pair.plugged
  }
  async cut() {
    this.#cut = true
    await this.#unplug()
  }
  async mend() {
    this.#cut = false
    await this.#plug()
  }
  async deviceUp(at: StandaloneAddress) {
    this.#target = at
    await this.#plug()
  }
  async deviceDown() {
    this.#target = null
    await this.#unplug()
  }
  async [Symbol.asyncDispose]() {
    this.#target = null
    await this.#unplug()
  }

  async #plug() {
    const target = this.#target
    if (this.#cut || !target || this.#pair.plugged) return
    // A port that was closed a moment ago may refuse once; no driver is to pay for that.
    while (!(await this.#openDevice(target.path))) {
      await new Promise((resolve) => setTimeout(resolve, againMs))
      if (this.#cut || this.#target !== target) return
    }
    await this.#pair.plug()
  }
  async #unplug() {
    this.#pair.pull()
    const device = this.#device
    this.#device = null
    await device?.close()
  }

  /** False when it did not open. The speed of a pty means nothing; the device paces its bytes itself. */
  #openDevice(path: string): Promise<boolean> {
    return new Promise((resolve) => {
      const open = systemIo.serial({ path, baud: 115_200, parity: 'none', stopBits: 1 })
      const device = open({
        opened: () => resolve(true),
        data: (chunk) => this.#mangler.take(chunk, (out) => this.#pair.write(Buffer.from(out))),
        closed: () => {
          if (this.#device === device) this.#device = null
          resolve(false)
        },
      })
      this.#device = device
    })
  }
}
