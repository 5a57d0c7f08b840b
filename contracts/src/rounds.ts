/** Inventory rounds of a reader: a count that may be called complete, or why it may not (devices 3.2). */
import { type Static, Type } from 'typebox'
import { Name } from './ids.ts'
import { Closed, Instant, OneOf } from './schema.ts'

export const roundTroubles = [
  /** The connection or the reader was gone before its end was told. */
  'link-lost',
  /** Reads were lost in the reader. */
  'overflow',
  /** The reader warned that its buffer fills. */
  'buffer',
  /** The reader reported an exception. */
  'exception',
  /** An antenna was not connected. */
  'antenna',
  /** It ended at its longest time, with new tags still coming. */
  'cut-off',
  /** It was ended by something else than its own trigger. */
  'stopped',
  /** Reads in it are known to be missing, or nobody looked for a while. */
  'gap',
] as const
export const RoundTrouble = OneOf(roundTroubles)
export type RoundTrouble = Static<typeof RoundTrouble>

/**
 * Rounds of one reader that ended within a second, told as one; complete only where all of them were. "Not seen in a
 * complete round" is a statement that one may weigh; absence of a box it is not.
 */
export const Round = Closed({
  reader: Name,
  /** As the reader counts them; empty where it does not say. */
  antennas: Type.Array(Type.Integer({ minimum: 1, maximum: 255 }), { maxItems: 64 }),
  from: Instant,
  to: Instant,
  rounds: Type.Integer({ minimum: 1 }),
  /** Different EPCs in all of them. */
  tags: Type.Integer({ minimum: 0 }),
  /** Empty: complete. */
  troubles: Type.Array(RoundTrouble, { maxItems: roundTroubles.length }),
})
export type Round = Static<typeof Round>
