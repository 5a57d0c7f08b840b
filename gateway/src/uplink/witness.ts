import type { KeyObject } from 'node:crypto'
import type { Clock, Witness, Witnessed } from '@lantai/contracts'
import type { Static } from 'typebox'
import { instant } from '../core/system-clock.ts'
import type { Put } from '../outbox/types.ts'
import { isConsistent } from './merkle.ts'
import { type Checkpoint, openCheckpoint } from './note.ts'

const key = 'witness'
type Answer = Static<typeof Witnessed>

/**
 * Keeps the server's last checkpoint and accepts a new one only with a proof that it contains the kept one
 * (L6). The first one is trusted by its signature alone; from then on the log can only grow.
 */
export class WitnessKeeper {
  readonly #pinned: KeyObject
  readonly #clock: Clock
  #kept: Checkpoint | null = null
  #blocked: string | null = null

  constructor(pinned: KeyObject, restored: Record<string, string>, clock: Clock) {
    this.#pinned = pinned
    this.#clock = clock
    const text = restored[key]
    if (!text) return
    const opened = openCheckpoint(JSON.parse(text) as string, pinned)
    // Under another key the promise that was kept cannot be weighed: refused until a person has looked.
    if (opened.ok) this.#kept = opened.checkpoint
    else this.#blocked = 'the kept checkpoint is not signed by the pinned ledger key'
  }

  size(): number | null {
    return this.#kept?.size ?? null
  }

  /** Judges a checkpoint. The put must be on disk before the answer is given. */
  judge(message: Static<typeof Witness>): { answer: Answer; put: Put | null } {
    if (this.#blocked) return this.#refuse(this.#blocked)
    const opened = openCheckpoint(message.checkpoint, this.#pinned)
    if (!opened.ok) return this.#refuse(opened.why)
    const next = opened.checkpoint
    const why = this.#kept && this.#objection(this.#kept, next, message)
    if (why) return this.#refuse(why)
    this.#kept = next
    return {
      answer: this.#answer(true, null),
      put: { key, value: JSON.stringify(message.checkpoint) },
    }
  }

  #objection(kept: Checkpoint, next: Checkpoint, m: Static<typeof Witness>): string | null {
    if (next.origin !== kept.origin) return 'another log'
    if (next.size < kept.size) return `size ${next.size} is behind the kept ${kept.size}`
    if (next.size > kept.size && m.fromSize !== kept.size)
      return `the proof begins at ${m.fromSize}, the kept checkpoint is ${kept.size}`
    const proof = next.size === kept.size ? [] : m.consistency.map((p) => Buffer.from(p, 'base64'))
    return isConsistent(kept.size, next.size, kept.root, next.root, proof)
      ? null
      : 'not consistent with the kept checkpoint'
  }

  #refuse(why: string) {
    return { answer: this.#answer(false, why), put: null }
  }
  /** Always names what is kept, so that the server knows where a proof must begin. */
  #answer(ok: boolean, detail: string | null): Answer {
    return {
      size: this.#kept?.size ?? 0,
      root: this.#kept?.root.toString('base64') ?? '',
      ok,
      detail,
      at: instant(this.#clock.now()),
    }
  }
}
