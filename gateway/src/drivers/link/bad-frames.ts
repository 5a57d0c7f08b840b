import type { Clock } from '@lantai/contracts'
import type { Logger } from 'pino'

const minuteMs = 60_000
const degradedAt = 20
const usualEvidence = 64

/**
 * Frames that could not be understood: counted, never guessed at; the first bytes (64 where nothing else is asked
 * for) of one a minute are kept in the log as evidence; 20 within a minute make the device `degraded` (devices 3).
 */
export class BadFrames {
  readonly #clock: Clock
  readonly #log: Logger
  readonly #evidenceBytes: number
  #recent: number[] = []
  #lastEvidence = Number.NEGATIVE_INFINITY
  #total = 0

  constructor(clock: Clock, log: Logger, evidenceBytes = usualEvidence) {
    this.#clock = clock
    this.#log = log
    this.#evidenceBytes = evidenceBytes
  }

  get total() {
    return this.#total
  }

  get many() {
    this.#forget()
    return this.#recent.length >= degradedAt
  }

  /** `more` goes into the log beside the evidence, such as the topic of a message. */
  note(bytes: Uint8Array, why: string, more: object = {}) {
    this.#forget()
    const now = this.#clock.mono()
    this.#total += 1
    // Only as many as the verdict needs: a flood must not fill the memory.
    this.#recent.push(now)
    if (this.#recent.length > degradedAt) this.#recent.shift()
    if (now - this.#lastEvidence < minuteMs) return
    this.#lastEvidence = now
    const evidence = Buffer.from(bytes.subarray(0, this.#evidenceBytes)).toString('hex')
    this.#log.warn(
      { ...more, why, evidence, length: bytes.length, total: this.#total },
      'bad frame',
    )
  }

  #forget() {
    const since = this.#clock.mono() - minuteMs
    this.#recent = this.#recent.filter((at) => at > since)
  }
}
