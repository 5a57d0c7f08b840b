import { randomBytes } from 'node:crypto'
import type { Clock } from '@lantai/contracts'
import type { RosterKeeper, RosterPerson } from '../uplink/roster.ts'
import { nobody, verifyPassword } from './passwords.ts'

const idleMs = 10 * 60_000
const longestMs = 8 * 3_600_000
const maxSessions = 50
/** So many wrong passwords lock an account here; each further one doubles the wait, up to an hour. */
const triesBeforeLock = 5
const firstLockMs = 60_000
const longestLockMs = 3_600_000
/** Sign-ins of everybody together, a minute: a guess at every account is a guess too. */
const perMinute = 30

export type SignIn =
  | { ok: true; token: string; person: RosterPerson }
  | { ok: false; code: 'sign-in-failed' | 'sign-in-locked' | 'rate-limited'; retryAfterMs?: number }

type Refused = Exclude<SignIn, { ok: true }>
type Checked = { ok: true; person: RosterPerson } | Refused

interface Session {
  personId: string
  startedAt: number
  usedAt: number
}
interface Tries {
  wrong: number
  lockedUntil: number
}

/** Sign-in at the gateway itself: hashes from the roster, sessions in memory, gone with the process. */
export class Sessions {
  readonly #roster: RosterKeeper
  readonly #clock: Clock
  readonly #sessions = new Map<string, Session>()
  readonly #tries = new Map<string, Tries>()
  #recent: number[] = []
  #turn: Promise<unknown> = Promise.resolve()

  constructor(roster: RosterKeeper, clock: Clock) {
    this.#roster = roster
    this.#clock = clock
  }

  async signIn(account: string, password: string): Promise<SignIn> {
    const checked = await this.check(account, password)
    if (!checked.ok) return checked
    const token = randomBytes(32).toString('base64url')
    const now = this.#clock.mono()
    this.#sweep()
    this.#sessions.set(token, { personId: checked.person.id, startedAt: now, usedAt: now })
    return { ok: true, token, person: checked.person }
  }

  /** Checks one person without a session: the second person of an approval signs for one act only. */
  async check(account: string, password: string): Promise<Checked> {
    const refused = this.#locked(account) ?? this.#tooMany()
    if (refused) return refused
    // One at a time: each takes tens of megabytes while it runs, and must see what the one before it cost.
    const checked = this.#turn.then(() => this.#locked(account) ?? this.#verify(account, password))
    this.#turn = Promise.allSettled([checked])
    return await checked
  }

  async #verify(account: string, password: string): Promise<Checked> {
    const person = this.#roster.find(account)
    if ((await verifyPassword(password, person?.hash ?? nobody)) && person) {
      this.#tries.delete(account)
      return { ok: true, person }
    }
    this.#wrong(account)
    return { ok: false, code: 'sign-in-failed' }
  }

  #locked(account: string): Refused | null {
    const lockedFor = (this.#tries.get(account)?.lockedUntil ?? 0) - this.#clock.mono()
    return lockedFor > 0 ? { ok: false, code: 'sign-in-locked', retryAfterMs: lockedFor } : null
  }

  #tooMany(): Refused | null {
    const now = this.#clock.mono()
    this.#recent = this.#recent.filter((t) => t > now - 60_000)
    if (this.#recent.length >= perMinute)
      return { ok: false, code: 'rate-limited', retryAfterMs: 60_000 }
    this.#recent.push(now)
    return null
  }

  #wrong(account: string) {
    // Names that nobody has are not remembered one by one: a stranger could fill our memory with them.
    const name = this.#roster.find(account) ? account : ''
    const tries = this.#tries.get(name) ?? { wrong: 0, lockedUntil: 0 }
    tries.wrong++
    if (name && tries.wrong >= triesBeforeLock) {
      const wait = Math.min(longestLockMs, firstLockMs * 2 ** (tries.wrong - triesBeforeLock))
      tries.lockedUntil = this.#clock.mono() + wait
    }
    this.#tries.set(name, tries)
  }

  /** The person of a session, with the roles that the roster gives now; null when it has ended. */
  personOf(token: string | undefined): RosterPerson | null {
    const session = token ? this.#sessions.get(token) : undefined
    if (!token || !session) return null
    const now = this.#clock.mono()
    const person = this.#roster.byId(session.personId)
    if (!person || now - session.usedAt > idleMs || now - session.startedAt > longestMs) {
      this.#sessions.delete(token)
      return null
    }
    session.usedAt = now
    return person
  }

  signOut(token: string | undefined) {
    if (token) this.#sessions.delete(token)
  }

  #sweep() {
    for (const token of [...this.#sessions.keys()]) this.#expire(token)
    const oldest = this.#sessions.keys().next().value
    if (this.#sessions.size >= maxSessions && oldest) this.#sessions.delete(oldest)
  }
  #expire(token: string) {
    const s = this.#sessions.get(token)
    const now = this.#clock.mono()
    if (s && (now - s.usedAt > idleMs || now - s.startedAt > longestMs))
      this.#sessions.delete(token)
  }
}
