import type { KnownDevice } from '../drivers/driver.ts'
import type { Put } from '../outbox/types.ts'
import type { ConfigPlan } from './config-plan.ts'
import type { HealthReport } from './health.ts'
import type { FactToRecord } from './recorder.ts'
import { instant } from './system-clock.ts'

export interface ReaderPauseDeps {
  clock: { now(): number }
  /** Ends and starts drivers. */
  drivers: { apply(plan: Pick<ConfigPlan, 'stop' | 'start'>): void }
  health: { report(device: string, report: HealthReport): void }
  record(facts: FactToRecord[], puts: Put[]): void
}

const prefix = 'paused.'
const paused: HealthReport = {
  ...{ state: 'offline', detail: 'paused: the store has no room for reads' },
  ...{ firmware: null, badFrames: 0 },
}

/**
 * Readers whose reads would be refused anyway stand still, visibly, until there is room again (reliability 2.4). The
 * time is stated as a gap, also when the gateway was started again meanwhile. Gates go on: passages are custody.
 */
export class ReaderPause {
  readonly #deps: ReaderPauseDeps
  readonly #since = new Map<string, number>()
  #owed: { device: string; since: number }[]

  constructor(restored: Record<string, string>, deps: ReaderPauseDeps) {
    this.#deps = deps
    this.#owed = Object.entries(restored).flatMap(([key, value]) =>
      key.startsWith(prefix) ? [{ device: key.slice(prefix.length), since: Number(value) }] : [],
    )
  }

  /** @param full the lane of reads */
  look(devices: readonly KnownDevice[], full: boolean) {
    for (const { device, since } of this.#owed.splice(0)) this.#state(device, since)
    const readers = devices.filter((d) => !d.entry.disabled && d.facets.reader?.role === 'desk')
    if (full) this.#stop(readers.filter((d) => !this.#since.has(d.entry.id)))
    else this.#start(readers.filter((d) => this.#since.has(d.entry.id)))
  }

  /** Drivers of these were started or are gone: a reader among them is looked at anew. */
  forget(devices: readonly string[]) {
    for (const device of devices) {
      const since = this.#since.get(device)
      if (since !== undefined) this.#state(device, since)
      this.#since.delete(device)
    }
  }

  #stop(readers: readonly KnownDevice[]) {
    if (readers.length === 0) return
    const now = Math.round(this.#deps.clock.now())
    const ids = readers.map((d) => d.entry.id)
    this.#deps.drivers.apply({ stop: ids, start: [] })
    for (const id of ids) {
      this.#since.set(id, now)
      this.#deps.health.report(id, paused)
    }
    this.#deps.record(
      [],
      ids.map((id) => ({ key: prefix + id, value: String(now) })),
    )
  }

  #start(readers: readonly KnownDevice[]) {
    if (readers.length === 0) return
    this.#deps.drivers.apply({ stop: [], start: readers.map((d) => d.entry) })
    this.forget(readers.map((d) => d.entry.id))
  }

  #state(device: string, since: number) {
    const span = { from: instant(since), to: instant(this.#deps.clock.now()) }
    const none = { firstSeq: null, lastSeq: null, count: 0 }
    const data = { lane: 'reads' as const, ...none, ...span, reason: 'quota' as const, device }
    this.#deps.record(
      [{ type: 'lantai.gap.v1', subject: device, data }],
      [{ key: prefix + device, value: null }],
    )
  }
}
