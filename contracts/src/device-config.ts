/**
 * The device list on its way: `cfg/desired` down, `cfg/reported` up, and what a device may be asked (`ask/{id}` down,
 * `res/{id}` up). Nothing of it moves steel.
 */
import { type Static, Type } from 'typebox'
import { DeviceEntry, DeviceFile, Facets } from './devices.ts'
import { DeviceHealthState } from './edge.ts'
import { Name, Uuid } from './ids.ts'
import { Closed, Instant, Nullable, OneOf, Text } from './schema.ts'

export const Sha256 = Type.String({ pattern: '^[0-9a-f]{64}$' })

/** Bytes that one message of a list, or of a driver's schema, may have; the server takes no more than a MiB. */
export const configLimits = {
  fileBytes: 400_000,
  schemaBytes: 100_000,
  partBytes: 200_000,
} as const

/**
 * The text that a list is known by: its SHA-256 is the `sha256` of a version. Keys in order, so that it is the same
 * whoever wrote it down (RFC 8785 without its rules for numbers, which JavaScript's own are).
 */
export function configText(body: unknown): string {
  return JSON.stringify(body, (_key, value: unknown) =>
    value !== null && typeof value === 'object' && !Array.isArray(value)
      ? Object.fromEntries(
          Object.entries(value)
            .filter(([, v]) => v !== undefined)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        )
      : value,
  )
}

/** Stands for a secret wherever an entry is shown; sent back it means "as it was". */
export const hiddenSecret = '••••••'

interface SchemaNode {
  writeOnly?: boolean
  properties?: Record<string, SchemaNode>
  items?: SchemaNode
  anyOf?: SchemaNode[]
  oneOf?: SchemaNode[]
  allOf?: SchemaNode[]
}

/**
 * A copy of `value` with every string that the schema calls `writeOnly` replaced by what `replace` gives for it and
 * its JSON pointer.
 */
export function mapSecrets<T>(
  schema: unknown,
  value: T,
  replace: (secret: string, path: string) => string,
): T {
  const walk = (nodes: SchemaNode[], at: unknown, path: string): unknown => {
    const all = nodes.flatMap(members)
    if (typeof at === 'string') return all.some((n) => n.writeOnly) ? replace(at, path) : at
    if (Array.isArray(at)) {
      const items = all.flatMap((n) => (n.items ? [n.items] : []))
      return at.map((v, i) => walk(items, v, `${path}/${i}`))
    }
    if (at === null || typeof at !== 'object') return at
    const fields = Object.entries(at).map(([key, v]) => {
      const own = all.flatMap((n) => (n.properties?.[key] ? [n.properties[key]] : []))
      return [key, walk(own, v, `${path}/${key}`)]
    })
    return Object.fromEntries(fields)
  }
  return walk([schema as SchemaNode], value, '') as T
}

const members = (n: SchemaNode): SchemaNode[] => [
  n,
  ...[...(n.anyOf ?? []), ...(n.oneOf ?? []), ...(n.allOf ?? [])].flatMap(members),
]

type Row = Record<string, unknown>
const isPoints = (value: unknown): value is Row[] =>
  Array.isArray(value) && value.length > 0 && value.every((v) => typeof v?.id === 'string')
const unnamed = ({ label: _, ...rest }: Row): Row => rest

/**
 * Whether both entries read one point of a device in the same way: its own row, and all that is not a row of another
 * point; names apart. What a fire contact says hangs on each of these settings: one `activeLow` turned round is a fire
 * that is never heard (rule S1).
 */
export function readsAlike(a: DeviceEntry, b: DeviceEntry, point: string): boolean {
  const read = (entry: DeviceEntry) => {
    const all = Object.entries(unnamed(entry))
    const rows = all.flatMap(([, value]) => (isPoints(value) ? value : []))
    return configText({
      device: Object.fromEntries(all.filter(([, value]) => !isPoints(value))),
      point: rows.filter((r) => r['id'] === point).map(unnamed),
    })
  }
  return read(a) === read(b)
}

/** Body of `cfg/desired`, signed like a command. Sent after every birth and whenever it changes. */
export const DesiredConfig = Closed({
  gateway: Name,
  /** Rises by every change; a roll-back is a new version with an old body. 0 is the gateway's own DEVICES_FILE. */
  version: Type.Integer({ minimum: 1 }),
  sha256: Sha256,
  body: DeviceFile,
  by: Text(80),
  at: Instant,
  reason: Text(200),
  /** Fire, smoke and panel-fault contacts that this version takes away, disables or reads in another way, named one by one by a person. */
  withoutContacts: Type.Array(Name, { maxItems: 200 }),
})
export type DesiredConfig = Static<typeof DesiredConfig>

export const ConfigState = OneOf(['applied', 'rejected'])
export type ConfigState = Static<typeof ConfigState>

/** A driver that a gateway has: the form of a device is drawn from its schema. */
export const DriverInfo = Closed({
  driver: Name,
  words: Closed({ zh: Text(80), en: Text(80) }),
  /** JSON Schema 2020-12 of the whole entry; `title` and `title:zh` are the words of a field, `writeOnly` a secret. */
  schema: Type.Record(Type.String(), Type.Unknown()),
})
export type DriverInfo = Static<typeof DriverInfo>

/** One entry that a gateway runs, with what it gives the room. */
export const RunningDevice = Closed({ entry: DeviceEntry, facets: Facets })
export type RunningDevice = Static<typeof RunningDevice>

/**
 * Message of `cfg/reported`, not retained: sent after each birth and each desired version. In parts, so that none is
 * large: first the result, then the devices that run, then one message for each driver. `set` ties the parts of one
 * report together; a set that is not complete replaces nothing.
 */
export const ReportedConfig = Type.Union([
  Closed({
    part: Type.Literal('result'),
    set: Uuid,
    /** What runs. */
    version: Type.Integer({ minimum: 0 }),
    sha256: Sha256,
    at: Instant,
    by: Nullable(Text(80)),
    /** The last desired version that was judged; it runs if and only if it was applied. */
    judged: Nullable(
      Closed({
        version: Type.Integer({ minimum: 1 }),
        sha256: Sha256,
        state: ConfigState,
        at: Instant,
        errors: Type.Array(Text(400), { maxItems: 200 }),
      }),
    ),
    /** How many devices and drivers the other parts of this set hold. */
    devices: Type.Integer({ minimum: 0, maximum: 200 }),
    drivers: Type.Integer({ minimum: 0, maximum: 100 }),
  }),
  Closed({
    part: Type.Literal('devices'),
    set: Uuid,
    devices: Type.Array(RunningDevice, { minItems: 1, maxItems: 200 }),
  }),
  Closed({ part: Type.Literal('driver'), set: Uuid, driver: DriverInfo }),
])
export type ReportedConfig = Static<typeof ReportedConfig>

// ---------------------------------------------------------------- asking a device

/** Body of `ask/{id}`, signed; it holds as a motion command does: nonce and wall-clock expiry, once. */
export const DeviceAsk = Closed({
  id: Uuid,
  gateway: Name,
  what: Type.Union([
    Closed({ kind: Type.Literal('identify'), device: Name }),
    /** Try settings apart from everything that runs; nothing of it is recorded as a fact. */
    Closed({
      kind: Type.Literal('test'),
      entry: DeviceEntry,
      forMs: Type.Integer({ minimum: 1000, maximum: 15_000 }),
    }),
  ]),
  by: Text(80),
  nonce: Nullable(Text(40)),
  issuedAt: Instant,
  expiresAt: Instant,
})
export type DeviceAsk = Static<typeof DeviceAsk>

/** What a trial saw. Times are milliseconds after its start. */
export const TestReport = Closed({
  device: Name,
  driver: Name,
  startedAt: Instant,
  lastedMs: Type.Integer({ minimum: 0 }),
  /** `spoke`: a reading, read, contact or status came; `online`: the device answered; `silent`: neither. */
  verdict: OneOf(['spoke', 'online', 'silent']),
  /** Settings as tried, secrets replaced. */
  settings: Text(4000),
  health: Type.Array(
    Closed({ afterMs: Type.Integer(), state: DeviceHealthState, detail: Nullable(Text(300)) }),
    { maxItems: 50 },
  ),
  /** Opened and lost links. */
  links: Type.Array(
    Closed({
      afterMs: Type.Integer(),
      what: OneOf(['opening', 'opened', 'closed']),
      detail: Nullable(Text(300)),
    }),
    { maxItems: 100 },
  ),
  /** The first chunks in each direction as they crossed the wire; `hex` holds the first 64 bytes, secrets replaced. */
  frames: Type.Array(
    Closed({
      afterMs: Type.Integer(),
      to: OneOf(['device', 'us']),
      bytes: Type.Integer(),
      hex: Text(200),
    }),
    { maxItems: 60 },
  ),
  bytesToDevice: Type.Integer(),
  bytesToUs: Type.Integer(),
  badFrames: Type.Integer(),
  events: Type.Record(Type.String({ maxLength: 20 }), Type.Integer()),
  /** The first things that it said, in words. */
  first: Type.Array(Text(300), { maxItems: 20 }),
  /** All of this as one text to copy. */
  text: Text(30_000),
})
export type TestReport = Static<typeof TestReport>

/** Message of `res/{id}` for a `DeviceAsk`. */
export const DeviceAnswer = Closed({
  ask: Uuid,
  at: Instant,
  answer: Type.Union([
    Closed({
      kind: Type.Literal('identify'),
      answer: OneOf(['blinked', 'beeped', 'unsupported', 'link-lost']),
    }),
    Closed({ kind: Type.Literal('test'), report: TestReport }),
    /** Nothing was done; every reason. */
    Closed({
      kind: Type.Literal('refused'),
      reasons: Type.Array(Text(400), { minItems: 1, maxItems: 200 }),
    }),
  ]),
})
export type DeviceAnswer = Static<typeof DeviceAnswer>
