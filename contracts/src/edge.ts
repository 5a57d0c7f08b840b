/**
 * Gateway to server over MQTT 3.1.1 (devices 2). Facts go up in batches of one lane and stay on the gateway's
 * disk until the server's own ack, which is sent after COMMIT; a PUBACK means nothing (rules D1, D8).
 */
import { type Static, Type } from 'typebox'
import { ConditionKind, Priority, Where } from './alarms.ts'
import { BankId, BoxCode, ColumnNo, Epc, Name, Seq, Uuid } from './ids.ts'
import { Role } from './roles.ts'
import { Round } from './rounds.ts'
import { Closed, Instant, Nullable, OneOf, Text } from './schema.ts'
import { BankReport, CommandState, ShelvingVerb } from './shelving.ts'

export const lanes = ['alarm', 'custody', 'reads', 'telemetry'] as const
export const Lane = OneOf(lanes)
export type Lane = Static<typeof Lane>

/** Wall-clock quality (G7). Order never comes from time, always from `seq`. */
export const ClockQuality = OneOf(['synced', 'holdover', 'unsynced', 'suspect'])
export type ClockQuality = Static<typeof ClockQuality>

/**
 * Raised whenever a message or a fact changes. Server and gateway work with a partner one version older or newer (ADR
 * 12): what it says beyond this is kept in quarantine or left aside, never lost, never guessed.
 */
export const contractVersion = 5
/** The partner of this contract version is understood. Before it was stated it was 1. */
export const compatible = (theirs: number | null | undefined): boolean =>
  Math.abs((theirs ?? 1) - contractVersion) <= 1

// ---------------------------------------------------------------- topics

const prefix = (site: string, gateway: string) => `lantai/v1/${site}/${gateway}`

/** Every topic of one gateway. QoS 1 but for `tick` and `live`, which are QoS 0 and worth nothing when late. */
export const topics = (site: string, gateway: string) => {
  const p = prefix(site, gateway)
  return {
    up: (lane: Lane) => `${p}/up/${lane}`,
    state: `${p}/state`,
    tick: `${p}/tick`,
    live: `${p}/live`,
    res: (command: string) => `${p}/res/${command}`,
    witnessed: `${p}/witnessed`,
    cfgReported: `${p}/cfg/reported`,
    ack: `${p}/ack`,
    reject: `${p}/reject`,
    cmd: (command: string) => `${p}/cmd/${command}`,
    roster: `${p}/roster`,
    witness: `${p}/witness`,
    cfgDesired: `${p}/cfg/desired`,
    ask: (id: string) => `${p}/ask/${id}`,
    /** What a gateway may publish, and what it may subscribe to: the broker's ACL. */
    mayPublish: [
      `${p}/up/+`,
      `${p}/state`,
      `${p}/tick`,
      `${p}/live`,
      `${p}/res/+`,
      `${p}/witnessed`,
      `${p}/cfg/reported`,
    ],
    maySubscribe: [
      `${p}/ack`,
      `${p}/reject`,
      `${p}/cmd/+`,
      `${p}/roster`,
      `${p}/witness`,
      `${p}/cfg/desired`,
      `${p}/ask/+`,
    ],
  }
}

/** The server's word to itself: what it does not hear back, the broker does not carry (rule D19). */
export const canaryTopic = (site: string) => `${prefix(site, 'server')}/canary`

/** What the server subscribes to, for all gateways of a site, and its own canary. */
export const serverTopics = (site: string) => [
  ...(['up/+', 'state', 'tick', 'live', 'res/+', 'witnessed', 'cfg/reported'] as const).map(
    (t) => `lantai/v1/${site}/+/${t}`,
  ),
  canaryTopic(site),
]

/** Splits `lantai/v1/{site}/{gateway}/{rest…}`; null when the topic is not ours. */
export function parseTopic(
  topic: string,
): { site: string; gateway: string; rest: string[] } | null {
  const [a, v, site, gateway, ...rest] = topic.split('/')
  return a === 'lantai' && v === 'v1' && site && gateway && rest.length > 0
    ? { site, gateway, rest }
    : null
}

// ---------------------------------------------------------------- facts

/** Of a tag that fits a numbering of the archive's own (docs/epc.md): the box that it names, and its PC word. */
const ownNumber = {
  box: Type.Optional(BoxCode),
  pc: Type.Optional(Type.Integer({ minimum: 0, maximum: 65_535 })),
}

/** A tag seen by a fixed reader, folded from reads; `count` reads between `first` and `last`. */
export const Sighting = Closed({
  reader: Name,
  antenna: Type.Integer({ minimum: 0, maximum: 64 }),
  epc: Epc,
  tid: Type.Optional(Epc),
  first: Instant,
  last: Instant,
  count: Type.Integer({ minimum: 1 }),
  rssiMaxDbm: Nullable(Type.Number({ minimum: -128, maximum: 20 })),
  ...ownNumber,
  /** True on the last sighting of a stay: the tag has been silent for longer than its rhythm explains. Not absence. */
  departed: Type.Optional(Type.Boolean()),
})
export type Sighting = Static<typeof Sighting>

/** A tag carried through a gate. The direction is `unknown` where the antennas do not prove it. */
export const Passage = Closed({
  gate: Name,
  epc: Epc,
  tid: Type.Optional(Epc),
  direction: OneOf(['out', 'in', 'unknown']),
  ...ownNumber,
})

/** One transition of an alarm condition, evaluated at the gateway. `key` names the condition for ever. */
export const Condition = Closed({
  key: Text(120),
  kind: ConditionKind,
  priority: Priority,
  active: Type.Boolean(),
  /** The gateway holds a latch that outlives `active` until somebody resets it on site (rule S8). */
  latched: Type.Boolean(),
  value: Nullable(Type.Number()),
  limit: Nullable(Type.Number()),
  unit: Nullable(Text(10)),
  where: Where,
  /** Who reset a latch on site, and why. */
  resetBy: Type.Optional(Text(80)),
  resetReason: Type.Optional(Text(200)),
})

export const quantities = ['temperature', 'humidity'] as const
export const Quantity = OneOf(quantities)
export type Quantity = Static<typeof Quantity>

/**
 * Readings of one poll or one packing interval: rows of [sensor index, quantity index, value, milliseconds
 * after the record's `time`]. Packed, because one message a reading is a wall (performance 1).
 */
export const Readings = Closed({
  sensors: Type.Array(Name, { minItems: 1, maxItems: 256 }),
  quantities: Type.Array(Quantity, { minItems: 1, maxItems: quantities.length }),
  rows: Type.Array(Type.Array(Type.Number(), { minItems: 4, maxItems: 4 }), {
    minItems: 1,
    maxItems: 20_000,
  }),
})

export const DeviceHealthState = OneOf(['online', 'degraded', 'offline', 'unknown'])
export type DeviceHealthState = Static<typeof DeviceHealthState>

/** A device changed its health. `simulated` devices say so, and the screens show it. */
export const DeviceHealth = Closed({
  device: Name,
  driver: Name,
  label: Text(80),
  state: DeviceHealthState,
  since: Instant,
  detail: Nullable(Text(300)),
  firmware: Nullable(Text(80)),
  badFrames: Type.Integer({ minimum: 0 }),
  /** As the device list says; left out means real. */
  simulated: Type.Optional(Type.Boolean()),
})
export type DeviceHealth = Static<typeof DeviceHealth>

/** A transition of a command, also sent live on `res`. */
export const CommandTransition = Closed({
  command: Uuid,
  bank: BankId,
  verb: ShelvingVerb,
  /** Named by the column before it; for lock and unlock the column itself. */
  aisle: Nullable(ColumnNo),
  state: CommandState,
  /** Which input or rule refused, or what was observed. */
  reason: Nullable(Text(200)),
  by: Text(80),
  /** `console` when asked at the gateway's own page, `manual` when moved by hand at the shelf (rule S10). */
  origin: OneOf(['server', 'console', 'manual']),
})
export type CommandTransition = Static<typeof CommandTransition>

/**
 * A stated loss: what was dropped, how many, why (rule D11, reliability 2.5). `count` is of records where `firstSeq`
 * names them; else of what got no number: sightings that were refused, readings that were merged into a mean.
 */
export const Gap = Closed({
  lane: Lane,
  firstSeq: Nullable(Seq),
  lastSeq: Nullable(Seq),
  from: Nullable(Instant),
  to: Nullable(Instant),
  count: Type.Integer({ minimum: 0 }),
  reason: OneOf(['quota', 'corrupt', 'reader-overflow', 'observation-hole']),
  device: Nullable(Name),
})

/** A person signed in at the gateway's console, released, reset or forbade there. */
export const ConsoleAct = Closed({
  act: OneOf([
    'signIn',
    'release',
    'forbid',
    'clearForbid',
    'resetLatch',
    'stop',
    /** Commissioning (rules S1, S11): an aisle was asked to open before a person's eyes; what they saw; inputs accepted. */
    'trial',
    'sidePolarity',
    'acceptInputs',
    /** The certificate of a device's server was compared and approved. */
    'trustCertificate',
    /** A count of a face with the cart: begun, ended, given up; `reason` names the face. */
    'startWalk',
    'finishWalk',
    'cancelWalk',
  ]),
  by: Text(80),
  /** The second of two persons, where an act needs two. */
  second: Type.Optional(Text(80)),
  bank: Nullable(BankId),
  reason: Nullable(Text(200)),
  /** SHA-1 thumbprint in hex, of `trustCertificate`. */
  certificate: Type.Optional(Text(40)),
})

/** A device list was judged (rule D12): what was wanted, by whom, what became of it, and what it changed. */
export const ConfigChange = Closed({
  version: Type.Integer({ minimum: 0 }),
  sha256: Text(64),
  state: OneOf(['applied', 'rejected']),
  by: Text(80),
  reason: Text(200),
  added: Type.Array(Name, { maxItems: 200 }),
  changed: Type.Array(Name, { maxItems: 200 }),
  removed: Type.Array(Name, { maxItems: 200 }),
  /** Fire, smoke and panel-fault contacts that are not heard any more, as a person acknowledged. */
  withoutContacts: Type.Array(Name, { maxItems: 200 }),
  errors: Type.Array(Text(400), { maxItems: 200 }),
})

/**
 * The wall clock of the gateway became better or worse; `before` null at the start of a boot. Written with the new
 * quality: where that is good its wall and monotonic time are a pair by which the boot can be re-timed (G7).
 */
export const ClockChange = Closed({ quality: ClockQuality, before: Nullable(ClockQuality) })

/**
 * Record types, their lane, their body, and the contract version that brought a later one. A record whose type is not
 * here is quarantined (rule D11).
 */
export const facts = {
  'lantai.sighting.v1': { lane: 'reads', body: Sighting },
  'lantai.round.v1': { lane: 'reads', body: Round, since: 4 },
  'lantai.passage.v1': { lane: 'custody', body: Passage },
  'lantai.command.v1': { lane: 'custody', body: CommandTransition },
  'lantai.console.v1': { lane: 'custody', body: ConsoleAct },
  'lantai.config.v1': { lane: 'custody', body: ConfigChange },
  'lantai.condition.v1': { lane: 'alarm', body: Condition },
  'lantai.device.v1': { lane: 'alarm', body: DeviceHealth },
  'lantai.readings.v1': { lane: 'telemetry', body: Readings },
  'lantai.gap.v1': { lane: 'alarm', body: Gap },
  'lantai.clock.v1': { lane: 'alarm', body: ClockChange, since: 4 },
} as const
export type FactType = keyof typeof facts
export type FactBody<T extends FactType> = Static<(typeof facts)[T]['body']>

// ---------------------------------------------------------------- batches and acks

/** One record of the outbox. `prev` is its predecessor in the lane, "0" for the first (rule D10). */
export const BatchItem = Closed({
  seq: Seq,
  prev: Seq,
  type: Text(60),
  subject: Text(120),
  time: Instant,
  boot: Uuid,
  /** Monotonic microseconds since that boot, at `time`; before contract 4, of packed readings, when they were packed. */
  mono: Type.Integer({ minimum: 0 }),
  clock: ClockQuality,
  deviceTime: Type.Optional(Instant),
  data: Type.Unknown(),
})
export type BatchItem = Static<typeof BatchItem>

export const batchLimits = { items: 500, bytes: 256 * 1024 } as const

/** CloudEvents attribute names in plain JSON, so that anyone can read it. */
export const Batch = Closed({
  specversion: Type.Literal('1.0'),
  id: Text(64),
  source: Text(100),
  type: Type.Literal('lantai.batch.v1'),
  subject: Lane,
  time: Instant,
  datacontenttype: Type.Literal('application/json'),
  dataschema: Type.Literal('urn:lantai:batch:1'),
  data: Closed({
    epoch: Uuid,
    lane: Lane,
    items: Type.Array(BatchItem, { minItems: 1, maxItems: batchLimits.items }),
  }),
})
export type Batch = Static<typeof Batch>

export const Rejected = Closed({
  seq: Seq,
  lane: Lane,
  code: OneOf(['edge-schema', 'edge-fork', 'edge-fenced', 'edge-held']),
  detail: Text(300),
})

/** Sent only after COMMIT. The gateway releases each lane up to its cursor; an older cursor makes it rewind (D15). */
export const Ack = Closed({
  epoch: Uuid,
  cursors: Closed({ alarm: Seq, custody: Seq, reads: Seq, telemetry: Seq }),
  serverTime: Instant,
  /** Version of the contract that the server speaks; left out before 4. What it cannot know yet is not recorded for it. */
  contract: Type.Optional(Type.Integer()),
})
export type Ack = Static<typeof Ack>

export const Reject = Closed({ epoch: Uuid, rejected: Type.Array(Rejected, { maxItems: 500 }) })

// ---------------------------------------------------------------- state, tick, live

/** Birth, and with `online: false` the will. The server ignores a death older than the birth that it has. */
export const GatewayState = Closed({
  online: Type.Boolean(),
  boot: Uuid,
  /** Connection counter of this boot. */
  conn: Type.Integer({ minimum: 0 }),
  epoch: Type.Optional(Uuid),
  software: Type.Optional(Text(40)),
  contract: Type.Optional(Type.Integer()),
  /** SHA-256 of the device list that runs (`configText`), and its version. */
  configHash: Type.Optional(Text(64)),
  configVersion: Type.Optional(Type.Integer({ minimum: 0 })),
  clock: Type.Optional(ClockQuality),
  consoleUrl: Type.Optional(Text(200)),
  devices: Type.Optional(Type.Array(DeviceHealth, { maxItems: 500 })),
  /**
   * The last fact of lane `alarm` on disk when `devices` was taken; left out before 5. A birth may be read late, and a
   * kept one long after: a server that has taken later facts knows these devices better.
   */
  alarmSeq: Type.Optional(Seq),
  /** The server's checkpoint that this gateway keeps as witness; null when it has none yet (rule L6). */
  witnessedSize: Type.Optional(Nullable(Type.Integer({ minimum: 0 }))),
})
export type GatewayState = Static<typeof GatewayState>

/** A contact as it is now; `since` when its gateway first heard it so, null before it has heard anything. */
export const ContactNow = Closed({
  id: Name,
  state: OneOf(['active', 'clear', 'unknown']),
  since: Nullable(Instant),
})
export type ContactNow = Static<typeof ContactNow>

/** Every second: the nonce that a motion command must quote (rule S5), and what still waits per lane. */
export const Tick = Closed({
  boot: Uuid,
  nonce: Text(40),
  backlog: Closed({
    alarm: Type.Integer({ minimum: 0 }),
    custody: Type.Integer({ minimum: 0 }),
    reads: Type.Integer({ minimum: 0 }),
    telemetry: Type.Integer({ minimum: 0 }),
  }),
  oldestUnsentMs: Nullable(Type.Number({ minimum: 0 })),
  fire: OneOf(['normal', 'alarm', 'unknown']),
  fireLatched: Type.Boolean(),
  /** Every contact of the running list. */
  contacts: Type.Optional(Type.Array(ContactNow, { maxItems: 2000 })),
})
export type Tick = Static<typeof Tick>

/** At most five a second while something moves, else one: a mirror, never a record. Nothing may depend on it arriving. */
export const Live = Closed({
  boot: Uuid,
  banks: Type.Array(BankReport, { maxItems: 40 }),
})
export type Live = Static<typeof Live>

// ---------------------------------------------------------------- signed messages down

/** `body` is the exact JSON text that was signed with the server's Ed25519 key, pinned at enrolment (ASVS 4.1.5). */
export const Signed = Closed({ body: Text(1_000_000), sig: Text(128) })
export type Signed = Static<typeof Signed>

/** Body of `cmd/{id}`. Runs only while quoted nonce and wall-clock expiry both hold (rules S4, S5). */
export const Command = Closed({
  id: Uuid,
  gateway: Name,
  bank: BankId,
  verb: ShelvingVerb,
  /** Named by the column before it; for lock and unlock the column itself. */
  aisle: Nullable(ColumnNo),
  requester: Closed({ id: Uuid, name: Text(80), roles: Type.Array(Role) }),
  /** The second person, where the verb needs one (rule S7). */
  approver: Nullable(Closed({ id: Uuid, name: Text(80), roles: Type.Array(Role) })),
  reason: Nullable(Text(200)),
  purpose: Nullable(Text(200)),
  /** The status revision that the requester saw; null for verbs that are not motion. */
  expectedRevision: Nullable(Type.Integer({ minimum: 0 })),
  nonce: Nullable(Text(40)),
  issuedAt: Instant,
  expiresAt: Instant,
})
export type Command = Static<typeof Command>

/** Body of `roster`: who may sign in at the console. Hashes only: `scrypt$N$r$p$salt$key`, base64. */
export const Roster = Closed({
  gateway: Name,
  version: Type.Integer({ minimum: 1 }),
  people: Type.Array(
    Closed({
      id: Uuid,
      account: Text(40),
      name: Text(80),
      roles: Type.Array(Role),
      hash: Text(300),
    }),
    { maxItems: 10_000 },
  ),
})
export type Roster = Static<typeof Roster>

/** Body of `witness`, not signed again: the checkpoint carries its own signature (C2SP, rule L5). */
export const Witness = Closed({
  checkpoint: Text(2000),
  fromSize: Type.Integer({ minimum: 0 }),
  /** RFC 6962 consistency proof from `fromSize` to the checkpoint's size, base64 hashes. */
  consistency: Type.Array(Text(60), { maxItems: 64 }),
})
export const Witnessed = Closed({
  size: Type.Integer({ minimum: 0 }),
  root: Text(60),
  ok: Type.Boolean(),
  detail: Nullable(Text(300)),
  at: Instant,
})
