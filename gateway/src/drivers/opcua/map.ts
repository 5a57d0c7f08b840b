/** Node maps are data, not code: YAML checked before anything is opened, as the register maps of Modbus are. */
import { readFileSync } from 'node:fs'
import { Closed, OneOf } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import { Value } from 'typebox/value'
import { parse } from 'yaml'

/** `{at}` is the device's own part of the name, `{column}` the number of a column counted from 1. */
const Pattern = Type.String({ minLength: 3, maxLength: 200, pattern: '^(nsu=[^;]+;)?[is]=.+$' })
const Key = Type.String({ pattern: '^[a-z][A-Za-z0-9]{0,39}$' })

const Point = Closed({
  key: Key,
  node: Pattern,
  /** Of an integer; left out, the value itself. */
  bit: Type.Optional(Type.Integer({ minimum: 0, maximum: 31 })),
  /** On where the value is 0 or false. */
  activeLow: Type.Optional(Type.Boolean()),
  scale: Type.Optional(Type.Number()),
  /** Our limits, not the maker's: a value outside is not shown as a reading. */
  plausible: Type.Optional(Type.Array(Type.Number(), { minItems: 2, maxItems: 2 })),
})
export type MapPoint = Static<typeof Point>

const integers = ['SByte', 'Byte', 'Int16', 'UInt16', 'Int32', 'UInt32'] as const
export type MapType = 'Boolean' | (typeof integers)[number]
const Word = OneOf(['Boolean', ...integers])

/** A method of an object, with the aisle or the column as its argument where one is named. */
const Method = Closed({
  object: Pattern,
  method: Pattern,
  aisle: Type.Optional(Word),
  column: Type.Optional(Word),
  /** Meaning of the first output argument where it is a refusal; any other is none. */
  refusals: Type.Optional(
    Type.Record(Type.String({ pattern: '^-?[0-9]{1,9}$' }), Type.String({ maxLength: 60 })),
  ),
})
/** A value written to a variable; `aisle` and `column` stand for the number that was asked for. */
const Write = Closed({
  write: Pattern,
  type: Word,
  value: Type.Union([
    Type.Boolean(),
    Type.Integer(),
    Type.Literal('aisle'),
    Type.Literal('column'),
  ]),
})
const Verb = Type.Union([Method, Write])
export type MapVerb = Static<typeof Verb>

export const NodeMap = Closed({
  id: Type.String({ pattern: '^[a-z0-9][a-z0-9-]{0,39}$' }),
  title: Type.String({ maxLength: 120 }),
  /** Where the map comes from, and whether it is known, or our own. */
  source: Type.String({ maxLength: 200 }),
  /** Namespace of nodes that name none. */
  namespace: Type.String({ minLength: 1, maxLength: 200 }),
  points: Type.Array(Point, { minItems: 1, maxItems: 64 }),
  /** A verb without an entry is unsupported and never imitated with another motion. */
  verbs: Type.Optional(
    Closed({
      open: Type.Optional(Verb),
      close: Type.Optional(Verb),
      ventilate: Type.Optional(Verb),
      stop: Type.Optional(Verb),
      forbid: Type.Optional(Verb),
      clearForbid: Type.Optional(Verb),
      lock: Type.Optional(Verb),
      unlock: Type.Optional(Verb),
    }),
  ),
})
export type NodeMap = Static<typeof NodeMap>

export class NodeMapError extends Error {
  override readonly name = 'NodeMapError'
}

/** Every complaint at once, so that a map is mended in one go. */
export function parseMap(text: string, file: string): NodeMap {
  const value: unknown = parse(text)
  if (!Value.Check(NodeMap, value)) {
    const wrong = Value.Errors(NodeMap, value).map((e) => `${e.instancePath || '/'} ${e.message}`)
    throw new NodeMapError(`node map ${file}: ${wrong.join('; ')}`)
  }
  const keys = value.points.map((p) => p.key)
  const twice = keys.filter((k, i) => keys.indexOf(k) !== i)
  if (twice.length > 0) throw new NodeMapError(`node map ${file}: ${twice.join(', ')} twice`)
  const { open, lock, unlock } = value.verbs ?? {}
  if (open && !names(open, 'aisle'))
    throw new NodeMapError(`node map ${file}: open does not say which aisle`)
  for (const verb of [lock, unlock])
    if (verb && !names(verb, 'column') && !patternOf(verb).includes('{column}'))
      throw new NodeMapError(`node map ${file}: lock and unlock must say which column`)
  return value
}

const names = (verb: MapVerb, what: 'aisle' | 'column'): boolean =>
  'write' in verb ? verb.value === what : verb[what] !== undefined
const patternOf = (verb: MapVerb): string => ('write' in verb ? verb.write : verb.object)

/** Reads a shipped map by its name; a name holds no path characters. */
export function loadMap(name: string): NodeMap {
  if (!/^[a-z0-9][a-z0-9-]{0,39}$/.test(name)) throw new NodeMapError(`no map name: ${name}`)
  let text: string
  try {
    text = readFileSync(new URL(`./maps/${name}.yaml`, import.meta.url), 'utf8')
  } catch (cause) {
    throw new NodeMapError(`there is no node map ${name}`, { cause })
  }
  const map = parseMap(text, name)
  if (map.id !== name) throw new NodeMapError(`node map ${name} calls itself ${map.id}`)
  return map
}

/** A node of the map, with the namespace that it does not name and the places that it leaves open. */
export function fill(map: NodeMap, pattern: string, at: string, column?: number): string {
  const name = pattern.replaceAll('{at}', at).replaceAll('{column}', String(column ?? ''))
  return name.startsWith('nsu=') ? name : `nsu=${map.namespace};${name}`
}
/** One node for each column. */
export const perColumn = (point: MapPoint): boolean => point.node.includes('{column}')

/** What a variable said at a point of the map; null where it is no number, or not one that can be. */
export function pointValue(
  point: Pick<MapPoint, 'bit' | 'activeLow' | 'scale' | 'plausible'>,
  raw: unknown,
): number | null {
  if (typeof raw !== 'boolean' && (typeof raw !== 'number' || !Number.isFinite(raw))) return null
  const { bit, activeLow } = point
  if (bit !== undefined && (typeof raw !== 'number' || !Number.isInteger(raw))) return null
  const number = bit === undefined ? Number(raw) : Math.floor(Number(raw) / 2 ** bit) & 1
  if (activeLow) return number === 0 ? 1 : 0
  const value = scaled(number, point.scale ?? 1)
  const [low, high] = point.plausible ?? []
  const within = (low === undefined || value >= low) && (high === undefined || value <= high)
  return within ? value : null
}

/** 215 × 0.1 is 21.5, not 21.500000000000004. */
const scaled = (raw: number, scale: number): number =>
  scale === 1 ? raw : Number((raw * scale).toPrecision(12))
