/** Register maps are data, not code: YAML profiles checked before anything is opened (devices 3.1). */
import { Closed, OneOf, Text } from '@lantai/contracts'
import { type Static, Type } from 'typebox'

const Register = Type.Integer({ minimum: 0, maximum: 0xffff })
const ReadFunction = Type.Unsafe<1 | 2 | 3 | 4>({ type: 'integer', enum: [1, 2, 3, 4] })
const Ms = Type.Integer({ minimum: 20, maximum: 10_000 })
const Timing = Closed({ replyMs: Ms, settleMs: Ms })
const Key = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' })

const Block = Closed({
  name: Key,
  fc: ReadFunction,
  /** As on the wire, from zero; manuals write 4xxxx from one. */
  address: Register,
  /** `columns`: one for each column of the device. */
  count: Type.Union([Type.Integer({ minimum: 1, maximum: 2000 }), Type.Literal('columns')]),
})

const Point = Closed({
  key: Key,
  block: Key,
  at: Type.Integer({ minimum: 0, maximum: 1999 }),
  type: OneOf(['int16', 'uint16', 'int32', 'uint32', 'float32', 'bit']),
  /** Of a register, for type `bit`. */
  bit: Type.Optional(Type.Integer({ minimum: 0, maximum: 15 })),
  /** The bit is 0 when the point is on. */
  activeLow: Type.Optional(Type.Boolean()),
  /** Byte order on the wire; differs by maker. Default: big-endian, `AB` or `ABCD`. */
  order: Type.Optional(OneOf(['AB', 'BA', 'ABCD', 'CDAB', 'BADC', 'DCBA'])),
  scale: Type.Optional(Type.Number()),
  /** For contacts: what each raw value says; one that is not named here is `unknown`. */
  enum: Type.Optional(
    Type.Record(Type.String({ pattern: '^[0-9]{1,5}$' }), OneOf(['active', 'clear', 'unknown'])),
  ),
  /** For contacts: active from this value upwards, after scaling. */
  activeFrom: Type.Optional(Type.Number()),
  unit: Type.Optional(OneOf(['Cel', '%RH', 'ppm', 'mm', 's', '%'])),
  /** Raw values by which the device says that its sensor is broken. */
  sentinel: Type.Optional(Type.Array(Type.Integer(), { maxItems: 16 })),
  /** Our limits, not the maker's: a value outside is not shown as a reading. */
  plausible: Type.Optional(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 })),
  /** A value that was not read again for so long is unknown. */
  staleAfterMs: Type.Optional(Type.Integer({ minimum: 200, maximum: 3_600_000 })),
})
export type Point = Static<typeof Point>

/** Written by one FC16 [verb, aisle], so that a verb never meets the aisle of an older request. */
const Commands = Closed({
  address: Register,
  /** A verb without an entry is unsupported and never imitated with another motion. */
  verbs: Closed({
    open: Type.Optional(Register),
    close: Type.Optional(Register),
    ventilate: Type.Optional(Register),
    stop: Type.Optional(Register),
    forbid: Type.Optional(Register),
    clearForbid: Type.Optional(Register),
    /** The value beside them is a column. */
    lock: Type.Optional(Register),
    unlock: Type.Optional(Register),
  }),
  /** FC03 of two registers: a counter of accepted verbs, and the last answer. */
  answer: Register,
  /** Meaning of the last answer where it is a refusal. */
  refusals: Type.Record(Type.String({ pattern: '^[0-9]{1,5}$' }), Type.String({ maxLength: 60 })),
})

const common = {
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
  title: Text(120),
  /** Where the map comes from, in words. */
  source: Text(300),
  /** How sure it is: read in that source, general knowledge, or a map of our own that others may follow. */
  certainty: OneOf(['source', 'known', 'ours']),
  rtu: Type.Optional(Timing),
  tcp: Type.Optional(Timing),
  /** Is this really the device we think? `unit`: the register holds the unit address. */
  identity: Type.Optional(
    Closed({
      fc: ReadFunction,
      address: Register,
      expect: Type.Union([
        Type.Literal('unit'),
        Type.Array(Register, { minItems: 1, maxItems: 16 }),
      ]),
    }),
  ),
  blocks: Type.Array(Block, { minItems: 1, maxItems: 16 }),
  points: Type.Array(Point, { minItems: 1, maxItems: 64 }),
}

/**
 * Only shelving has words for a write. A profile of a sensor or a detector cannot even express one: every function
 * code that it may name reads.
 */
export const profileSchemas = {
  air: Closed({ ...common, serves: Type.Literal('air') }),
  contacts: Closed({ ...common, serves: Type.Literal('contacts') }),
  shelving: Closed({
    ...common,
    serves: Type.Literal('shelving'),
    commands: Type.Optional(Commands),
  }),
}
export type Serves = keyof typeof profileSchemas
export type ProfileOf<S extends Serves> = Static<(typeof profileSchemas)[S]>
export type AirProfile = ProfileOf<'air'>
export type ContactsProfile = ProfileOf<'contacts'>
export type ShelvingProfile = ProfileOf<'shelving'>
export type Profile = AirProfile | ContactsProfile | ShelvingProfile

/** Words in a 16-bit register world: how many registers each type takes. */
export const widthOf = (type: Point['type']): number =>
  type === 'int32' || type === 'uint32' || type === 'float32' ? 2 : 1
