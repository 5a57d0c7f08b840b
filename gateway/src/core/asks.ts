import type { Clock, DeviceAnswer, DeviceAsk } from '@lantai/contracts'
import type { IdentifyAnswer } from '../drivers/driver.ts'
import { instant } from './system-clock.ts'
import type { runTrial } from './trial-host.ts'

/** An ask lives no longer than a command does (S4), and at most this many are remembered. */
const longestLifeMs = 5000
const remembered = 200

type Answer = DeviceAnswer['answer']
type What = DeviceAsk['what']

export interface AskDeps {
  clock: Clock
  /** Null when there is no such device, or it is disabled. */
  identify(device: string): Promise<IdentifyAnswer> | null
  /** Reasons against trying an entry; none means that it may be tried. */
  refusal(entry: Extract<What, { kind: 'test' }>['entry']): string[]
  trial(what: Extract<What, { kind: 'test' }>): ReturnType<typeof runTrial>
}

/**
 * What a person asks a device through the server: to show itself, or to be tried. Holds as a command does, once and
 * while nonce and expiry hold (S5), though nothing of it moves anything.
 */
export class Asks {
  readonly #deps: AskDeps
  readonly #taken = new Set<string>()
  #trying = false

  constructor(deps: AskDeps) {
    this.#deps = deps
  }

  /** Null when it was taken already: an answer is given once. @param nonceUntil monotonic, null when not ours */
  async take(ask: DeviceAsk, nonceUntil: number | null): Promise<DeviceAnswer | null> {
    if (this.#taken.has(ask.id)) return null
    this.#remember(ask.id)
    const stale = this.#stale(ask, nonceUntil)
    const answer = stale ? refused(stale) : await this.#do(ask.what)
    return { ask: ask.id, at: instant(this.#deps.clock.now()), answer }
  }

  #stale(ask: DeviceAsk, nonceUntil: number | null): string | null {
    const { clock } = this.#deps
    if (nonceUntil === null || clock.mono() > nonceUntil) return 'the nonce does not hold'
    const [from, until] = [Date.parse(ask.issuedAt), Date.parse(ask.expiresAt)]
    if (until - from > longestLifeMs) return 'it would hold too long'
    return clock.now() > until ? 'expired' : null
  }

  async #do(what: What): Promise<Answer> {
    if (what.kind === 'identify') {
      const asked = this.#deps.identify(what.device)
      if (!asked) return refused(`${what.device} does not run here`)
      return { kind: 'identify', answer: await asked }
    }
    if (this.#trying) return refused('another trial is running')
    const reasons = this.#deps.refusal(what.entry)
    if (reasons.length > 0) return refused(...reasons)
    this.#trying = true
    try {
      const result = await this.#deps.trial(what)
      return 'report' in result ? { kind: 'test', report: result.report } : refused(result.reason)
    } finally {
      this.#trying = false
    }
  }

  #remember(id: string) {
    this.#taken.add(id)
    const [oldest] = this.#taken
    if (this.#taken.size > remembered && oldest) this.#taken.delete(oldest)
  }
}

const refused = (...reasons: string[]): Answer => ({
  kind: 'refused',
  reasons: reasons.slice(0, 200).map((r) => r.slice(0, 400)),
})
