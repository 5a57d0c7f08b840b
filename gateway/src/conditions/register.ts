import type { Clock, FactBody } from '@lantai/contracts'
import { Delayed } from './delayed.ts'

export type Condition = FactBody<'lantai.condition.v1'>
/** A condition without its state, by its stable key. */
export type Subject = Pick<Condition, 'kind' | 'priority' | 'where'> &
  Partial<Pick<Condition, 'limit' | 'unit'>>

/** Key of a condition's last told state in the store. */
export const conditionKey = (key: string) => `cond.${key}`

/**
 * Every condition of the gateway by its key, for ever the same for the same trouble: the server inserts or
 * replaces by it, so that a restart never makes a second alarm. What is told is what changed.
 */
export class Register {
  readonly #clock: Clock
  readonly #tell: (condition: Condition) => void
  readonly #last = new Map<string, Condition>()
  readonly #delayed = new Map<string, Delayed>()

  constructor(
    clock: Clock,
    restored: Record<string, string>,
    tell: (condition: Condition) => void,
  ) {
    this.#clock = clock
    this.#tell = tell
    for (const [key, value] of Object.entries(restored)) {
      if (!key.startsWith('cond.')) continue
      const condition = JSON.parse(value) as Condition
      this.#last.set(condition.key, condition)
    }
  }

  last(key: string): Condition | null {
    return this.#last.get(key) ?? null
  }
  active(): Condition[] {
    return [...this.#last.values()].filter((c) => c.active || c.latched)
  }

  /** The delayed state behind a key, begun from what was told last. */
  delayed(key: string, subject: Subject, onMs: number, offMs: number, value?: () => number | null) {
    let d = this.#delayed.get(key)
    if (!d) {
      const active = this.#last.get(key)?.active ?? false
      d = new Delayed(this.#clock, onMs, offMs, active, (now) =>
        this.set(key, subject, now, { value: value?.() ?? null }),
      )
      this.#delayed.set(key, d)
    }
    return d
  }

  /** Forgets the delay behind a key, so that the next look begins it anew with new limits; what was told stays. */
  release(key: string) {
    this.#delayed.get(key)?.stop()
    this.#delayed.delete(key)
  }

  /** What it was about is not there any more. A latch stays until a person resets it (S8). */
  end(key: string) {
    this.release(key)
    const last = this.#last.get(key)
    if (!last?.active) return
    const { active: _, ...rest } = last
    this.#last.set(key, { ...rest, active: false })
    this.#tell({ ...rest, active: false })
  }

  /** Tells a transition; the same state again is not one. */
  set(
    key: string,
    subject: Subject,
    active: boolean,
    more: Partial<Pick<Condition, 'value' | 'latched' | 'resetBy' | 'resetReason'>> = {},
  ) {
    const last = this.#last.get(key)
    const latched = more.latched ?? false
    if ((last?.active ?? false) === active && (last?.latched ?? false) === latched) return
    const condition: Condition = {
      key,
      kind: subject.kind,
      priority: subject.priority,
      active,
      latched,
      value: more.value ?? null,
      limit: subject.limit ?? null,
      unit: subject.unit ?? null,
      where: subject.where,
      ...(more.resetBy ? { resetBy: more.resetBy } : {}),
      ...(more.resetReason ? { resetReason: more.resetReason } : {}),
    }
    this.#last.set(key, condition)
    this.#tell(condition)
  }

  stop() {
    for (const d of this.#delayed.values()) d.stop()
  }
}
