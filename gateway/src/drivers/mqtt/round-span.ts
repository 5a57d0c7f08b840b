import type { Clock, RoundTrouble } from '@lantai/contracts'
import type { RoundEnded } from '../driver.ts'

interface Open {
  readonly fromMs: number
  readonly epcs: Set<string>
  readonly troubles: Set<RoundTrouble>
}

/**
 * Rounds of a reader that says when it waits for its start trigger (`armed`) and when it reads: from one to the other it
 * was a round. A reader that was never heard to be armed reads without end, and has none.
 */
export class RoundSpan {
  readonly #clock: Pick<Clock, 'now'>
  readonly #tell: (round: RoundEnded) => void
  #armed = false
  #open: Open | null = null

  constructor(clock: Pick<Clock, 'now'>, tell: (round: RoundEnded) => void) {
    this.#clock = clock
    this.#tell = tell
  }

  /** It waits for its trigger: a round that was open has ended as it should. */
  armed() {
    this.#close()
    this.#armed = true
  }

  started() {
    this.#end('stopped')
    if (this.#armed)
      this.#open = { fromMs: this.#clock.now(), epcs: new Set(), troubles: new Set() }
  }

  heard(epcs: Iterable<string>) {
    for (const epc of epcs) this.#open?.epcs.add(epc)
  }

  trouble(trouble: RoundTrouble) {
    this.#open?.troubles.add(trouble)
  }

  /** It reads no more, and does not wait for its trigger either. */
  stopped() {
    this.#end('stopped')
    this.#armed = false
  }

  /** Nothing of it is heard any more; what it did meanwhile is not known. */
  lost() {
    this.#end('link-lost')
    this.#armed = false
  }

  #end(trouble: RoundTrouble) {
    this.trouble(trouble)
    this.#close()
  }

  #close() {
    const open = this.#open
    this.#open = null
    if (!open) return
    const { fromMs, epcs, troubles } = open
    this.#tell({ fromMs, toMs: this.#clock.now(), epcs: [...epcs], troubles: [...troubles] })
  }
}
