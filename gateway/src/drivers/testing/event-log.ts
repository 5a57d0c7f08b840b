import { pino } from 'pino'
import type { DriverDeps, DriverEvent } from '../driver.ts'
import type { SignalClock } from './signal-clock.ts'

type Kind = DriverEvent['kind']
export type EventOf<K extends Kind> = Extract<DriverEvent, { kind: K }>

/** Everything that a driver told, in order; tests wait for the next event of a kind. */
export class EventLog {
  readonly all: DriverEvent[] = []
  #cursor = 0
  #wake: () => void = () => undefined

  readonly emit = (event: DriverEvent) => {
    this.all.push(event)
    this.#wake()
  }
  deps(clock: SignalClock): DriverDeps {
    return { clock, log: pino({ level: 'silent' }), emit: this.emit }
  }
  of<K extends Kind>(kind: K): EventOf<K>[] {
    return this.all.filter((e): e is EventOf<K> => e.kind === kind)
  }
  /** The next event of this kind that fits; what came before it counts as seen. */
  async next<K extends Kind>(
    kind: K,
    fits: (event: EventOf<K>) => boolean = () => true,
  ): Promise<EventOf<K>> {
    for (;;) {
      while (this.#cursor < this.all.length) {
        const event = this.all[this.#cursor++]
        if (event?.kind === kind && fits(event as EventOf<K>)) return event as EventOf<K>
      }
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }
}
