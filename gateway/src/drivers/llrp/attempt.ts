import { type Clock, seconds, type Timer } from '@lantai/contracts'

export type AttemptStatus = 'accepted' | 'held' | 'refused' | 'silent'

const speakWithin = seconds(10)
const success = 0
/** A reader- or client-initiated connection already exists (sllurp/sllurp#174). */
const exists = [1, 2]
/** Somebody else tried while we are connected: news, not an answer to us. */
const anotherTried = 4

/** Waits for the reader's word on our connection. The first word counts. */
export class Attempt {
  readonly status: Promise<AttemptStatus>
  readonly #deadline: Timer
  #resolve: (status: AttemptStatus) => void = () => undefined

  constructor(clock: Clock) {
    this.status = new Promise((resolve) => {
      this.#resolve = resolve
    })
    this.#deadline = clock.after(speakWithin, () => this.#settle('silent'))
  }

  heard(status: number) {
    if (status === anotherTried) return
    this.#settle(status === success ? 'accepted' : exists.includes(status) ? 'held' : 'refused')
  }
  ended() {
    this.#settle('silent')
  }

  #settle(status: AttemptStatus) {
    this.#deadline.cancel()
    this.#resolve(status)
  }
}
