/** Register maps are data, not code: YAML profiles checked before anything is opened (devices 3.1). */
import { readFileSync } from 'node:fs'
import { Closed, OneOf } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { parse } from 'yaml'

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
  unit: Type.Optional(OneOf(['Cel', '%RH', 'ppm', 'mm', 's'])),
  /** Raw values by which the device says that its sensor is broken. */
  sentinel: Type.Optional(Type.Array(Type.Integer(), { maxItems: 16 })),
  /** Our limits, not the maker's: a value outside is not shown as a reading. */
  plausible: Type.Optional(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 })),
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

export const Profile = Closed({
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
  title: Type.String({ maxLength: 120 }),
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
  commands: Type.Optional(Commands),
})
export type Profile = Static<typeof Profile>

export class ProfileError extends Error {
  override readonly name = 'ProfileError'
}

/** Every complaint at once, so that a profile is mended in one go. */
export function parseProfile(text: string, file: string): Profile {
  const value: unknown = parse(text)
  if (!Value.Check(Profile, value)) {
    const wrong = Value.Errors(Profile, value).map((e) => `${e.instancePath || '/'} ${e.message}`)
    throw new ProfileError(`profile ${file}: ${wrong.join('; ')}`)
  }
  const wrong = contradictions(value)
  if (wrong.length > 0) throw new ProfileError(`profile ${file}: ${wrong.join('; ')}`)
  return value
}

/** Words in a 16-bit register world: how many registers each type takes. */
export const widthOf = (type: Point['type']): number =>
  type === 'int32' || type === 'uint32' || type === 'float32' ? 2 : 1

function contradictions(profile: Profile): string[] {
  const wrong: string[] = []
  const names = profile.blocks.map((b) => b.name)
  if (new Set(names).size < names.length) wrong.push('two blocks share a name')
  const keys = profile.points.map((p) => p.key)
  if (new Set(keys).size < keys.length) wrong.push('two points share a key')
  for (const point of profile.points) {
    const block = profile.blocks.find((b) => b.name === point.block)
    if (!block) wrong.push(`point ${point.key}: no block ${point.block}`)
    else if (block.count !== 'columns' && point.at + widthOf(point.type) > block.count)
      wrong.push(`point ${point.key} lies outside block ${block.name}`)
    if (point.order && point.order.length !== widthOf(point.type) * 2)
      wrong.push(`point ${point.key}: order ${point.order} does not fit ${point.type}`)
    const [low, high] = point.plausible ?? []
    if (low !== undefined && high !== undefined && low > high)
      wrong.push(`point ${point.key}: plausible limits are crossed`)
  }
  return wrong
}

/** Reads a shipped profile by its name; a name holds no path characters (contracts `Name`). */
export function loadProfile(name: string): Profile {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) throw new ProfileError(`no profile name: ${name}`)
  const file = new URL(`./profiles/${name}.yaml`, import.meta.url)
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (cause) {
    throw new ProfileError(`there is no profile ${name}`, { cause })
  }
  const profile = parseProfile(text, name)
  if (profile.id !== name) throw new ProfileError(`profile ${name} calls itself ${profile.id}`)
  return profile
}
