import { PtyPair, type StandaloneAddress } from '@lantai/firmware-sim'
import { type ByteLink, systemIo } from '@lantai/gateway'
import { until } from '../testing.ts'
import type { Seeded } from './seeded.ts'
import { MangledWire } from './wire.ts'

/** A serial device behind a pty pair of ours: we hold its port, the driver holds ours. */
export class PtyWire extends MangledWire {
  readonly #pair: PtyPair
  readonly #path: string
  #device: ByteLink | null = null

  constructor(rng: Seeded, path: string) {
    super(rng)
    this.#path = path
    this.#pair = new PtyPair(path, (bytes) => {
      if (!this.mangler.swallows) this.#device?.write(bytes)
    })
  }

  get address(): StandaloneAddress {
    return { host: '', port: 0, path: this.#path }
  }

  inject(bytes: Uint8Array): boolean {
    this.#pair.write(Buffer.from(bytes))
    return this.#pair.plugged
  }

  protected async join(target: StandaloneAddress) {
    if (this.#pair.plugged) return
    // A port that was closed a moment ago may refuse once; no driver is to pay for that.
    await until(async () => this.target !== target || (await this.#openDevice(target.path)))
    // Cut, or without a device, while the port was opened.
    if (this.target === target) await this.#pair.plug()
    else await this.part()
  }
  protected async part() {
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
        data: (chunk) => this.mangler.take(chunk, (out) => this.#pair.write(Buffer.from(out))),
        closed: () => {
          if (this.#device === device) this.#device = null
          resolve(false)
        },
      })
      this.#device = device
    })
  }
}
