import type { DeviceHealthState } from '@lantai/contracts'
import type { DriverEvent } from '../driver.ts'
import type { BadFrames } from './bad-frames.ts'

/** As `contracts` allows; texts of the operating system may be longer. */
const longestDetail = 300

export interface HealthView {
  state: DeviceHealthState
  detail: string | null
  /** Tell this even though the device is offline already; the reasons of later tries are no news otherwise. */
  news?: boolean
}

/** Tells the core about a device's health when it changes, and only then. */
export class Health {
  readonly #device: string
  readonly #bad: BadFrames
  readonly #emit: (event: DriverEvent) => void
  #told = ''
  #state: DeviceHealthState | null = null
  #firmware: string | null = null

  constructor(device: string, bad: BadFrames, emit: (event: DriverEvent) => void) {
    this.#device = device
    this.#bad = bad
    this.#emit = emit
  }

  setFirmware(text: string | null) {
    this.#firmware = text
  }

  /** `online` turns into `degraded` while bad frames are many. */
  tell({ state, detail, news }: HealthView) {
    if (state === 'offline' && this.#state === 'offline' && !news) return
    const many = state === 'online' && this.#bad.many
    const view: HealthView = many
      ? { state: 'degraded', detail: '20 or more bad frames within a minute' }
      : { state, detail: detail?.slice(0, longestDetail) ?? null }
    const key = JSON.stringify([view, this.#firmware])
    if (key === this.#told) return
    this.#told = key
    this.#state = view.state
    this.#emit({
      kind: 'health',
      device: this.#device,
      ...view,
      firmware: this.#firmware,
      badFrames: this.#bad.total,
    })
  }
}
