import type { Clock, ContactNow } from '@lantai/contracts'
import { instant } from '../core/system-clock.ts'

type State = Pick<ContactNow, 'id' | 'state'>

/** Remembers since when each contact has been as it is, from looks at all of them. Pure, on the clock given. */
export class ContactsNow {
  readonly #clock: Clock
  #last = new Map<string, ContactNow>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** What is not among `states` is not there any more. */
  look(states: readonly State[]): ContactNow[] {
    const now = states.map(({ id, state }) => this.#now(id, state))
    this.#last = new Map(now.map((c) => [c.id, c]))
    return now
  }

  #now(id: string, state: ContactNow['state']): ContactNow {
    const last = this.#last.get(id)
    if (last?.state === state) return last
    const unheard = last === undefined && state === 'unknown'
    return { id, state, since: unheard ? null : instant(this.#clock.now()) }
  }
}
