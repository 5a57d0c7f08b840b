import type { Clock, CommandState, CommandTransition } from '@lantai/contracts'
import type { Put } from '../outbox/types.ts'
import { type Effect, fact, type Request } from './types.ts'

/** How long a command's id is remembered, so that a replay is answered from the store (S5). */
const rememberMs = 90 * 24 * 3_600_000
const keyOf = (id: string) => `cmd.${id}`

export const endStates: readonly CommandState[] = [
  'refused',
  'done',
  'failed',
  'unknown',
  'expired',
]

interface Remembered {
  at: number
  transition: CommandTransition
}

/** Every transition of every command: on disk, in the custody lane, and told to live screens. */
export class Journal {
  readonly #clock: Clock
  readonly #known = new Map<string, CommandTransition>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** Takes back what the store remembers; gives the commands that a restart interrupted. */
  restore(state: Record<string, string>): { interrupted: CommandTransition[]; forget: Put[] } {
    const interrupted: CommandTransition[] = []
    const forget: Put[] = []
    for (const [key, value] of Object.entries(state)) {
      if (!key.startsWith('cmd.')) continue
      const { at, transition } = JSON.parse(value) as Remembered
      if (at < this.#clock.now() - rememberMs) forget.push({ key, value: null })
      else {
        this.#known.set(transition.command, transition)
        if (!endStates.includes(transition.state)) interrupted.push(transition)
      }
    }
    return { interrupted, forget }
  }

  last(id: string): CommandTransition | null {
    return this.#known.get(id) ?? null
  }

  transition(r: Request, state: CommandState, reason: string | null): CommandTransition {
    return {
      command: r.id,
      bank: r.bank,
      verb: r.verb,
      aisle: r.aisle,
      state,
      reason: reason?.slice(0, 200) ?? null,
      by: r.requester.name,
      origin: r.origin,
    }
  }

  /** The record and the remembered id in one transaction. */
  store(transition: CommandTransition, puts: Put[] = [], token: string | null = null): Effect {
    this.#known.set(transition.command, transition)
    const remembered: Remembered = { at: this.#clock.now(), transition }
    const put = { key: keyOf(transition.command), value: JSON.stringify(remembered) }
    const facts = [fact('lantai.command.v1', transition.bank, transition)]
    return { do: 'store', facts, puts: [...puts, put], token }
  }

  say(transition: CommandTransition): Effect[] {
    return [this.store(transition), { do: 'tell', transition }]
  }
}
