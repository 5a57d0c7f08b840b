import type { Roster } from '@lantai/contracts'
import type { Put } from '../outbox/types.ts'

const key = 'roster'
export type RosterPerson = Roster['people'][number]

/** Who may sign in at the console, as the server last said; kept on disk, so that it works with the server down. */
export class RosterKeeper {
  readonly #gateway: string
  #roster: Roster | null

  constructor(gateway: string, restored: Record<string, string>) {
    this.#gateway = gateway
    const text = restored[key]
    this.#roster = text ? (JSON.parse(text) as Roster) : null
  }

  /** Takes a roster whose signature was verified; only a newer one of this gateway, so that no replay brings anyone back. */
  accept(roster: Roster): Put | null {
    if (roster.gateway !== this.#gateway) return null
    if (this.#roster && roster.version <= this.#roster.version) return null
    this.#roster = roster
    return { key, value: JSON.stringify(roster) }
  }

  find(account: string): RosterPerson | null {
    return this.#roster?.people.find((p) => p.account === account) ?? null
  }
  byId(id: string): RosterPerson | null {
    return this.#roster?.people.find((p) => p.id === id) ?? null
  }
  version(): number | null {
    return this.#roster?.version ?? null
  }
}
