import type { ClockQuality, FactBody, FactType } from '@lantai/contracts'
import type { Context } from '../context.ts'
import type { Work } from '../work.ts'

export interface EffectItem<T extends FactType> {
  /** 64-bit counter of the gateway's store, as text. */
  seq: string
  /** The edge's wall clock; how good it is says `clock`. Order comes from `seq`, never from this. */
  at: Date
  clock: ClockQuality
  body: FactBody<T>
}

/** Facts of one type from one batch that take effect now: each exactly once, in the order of `seq` (rule D6). */
export interface Effect<T extends FactType> extends Work {
  readonly gateway: string
  readonly epoch: string
  readonly items: readonly EffectItem<T>[]
}
export type Apply<T extends FactType> = (effect: Effect<T>, ctx: Context) => Promise<void>
