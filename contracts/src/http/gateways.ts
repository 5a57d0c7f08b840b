import { type Static, Type } from 'typebox'
import { ContactPoint } from '../devices.ts'
import { ClockQuality, ContactNow, DeviceHealth, Gap } from '../edge.ts'
import { Name } from '../ids.ts'
import { Round } from '../rounds.ts'
import { route, signedIn } from '../route-access.ts'
import { Closed, Instant, Nullable, OneOf, Text } from '../schema.ts'

/** What keeps wanted and running device list apart; null where they agree. */
export const ConfigDrift = OneOf([
  /** Sent, not answered yet. */
  'waiting',
  /** The gateway refused the wanted version; the one before it runs. */
  'rejected',
  /** The gateway runs something else than it was last told, or something that this server never saw. */
  'other',
])
export type ConfigDrift = Static<typeof ConfigDrift>

export const ConfigSummary = Closed({
  /** Null as long as nobody changed anything here: then the gateway's own file is what is wanted. */
  desiredVersion: Nullable(Type.Integer()),
  reportedVersion: Nullable(Type.Integer()),
  drift: Nullable(ConfigDrift),
})
export type ConfigSummary = Static<typeof ConfigSummary>

/** What a device did not see in the last 24 hours, as its driver said: a count over such a time is not complete. */
export const BlindTimes = Closed({
  times: Type.Integer({ minimum: 1 }),
  /** Reads known to be missing; 0 where nobody counted them. */
  lost: Type.Integer({ minimum: 0 }),
  last: Closed({ from: Instant, to: Instant, reason: Gap.properties.reason }),
})
export type BlindTimes = Static<typeof BlindTimes>

const { from, to, tags, antennas, troubles } = Round.properties

/** Inventory rounds of a reader: the last one that may be called complete, and how many of a day may not. */
export const RoundsView = Closed({
  complete: Type.Integer({ minimum: 0 }),
  incomplete: Type.Integer({ minimum: 0 }),
  /** Null: none was ever complete. */
  lastComplete: Nullable(Closed({ from, to, tags, antennas })),
  /** Null where the last one of all was complete; else that one, and why it was not. */
  incompleteNow: Nullable(Closed({ from, to, tags, troubles })),
})
export type RoundsView = Static<typeof RoundsView>

export const DeviceView = Closed({
  ...DeviceHealth.properties,
  blind: Nullable(BlindTimes),
  /** Null: it never told of one. */
  rounds: Nullable(RoundsView),
})
export type DeviceView = Static<typeof DeviceView>

/** Records of the last 24 hours whose time was told by a clock in doubt (G7), and those that have a corrected one beside. */
export const DoubtfulTimes = Closed({
  records: Type.Integer({ minimum: 1 }),
  corrected: Type.Integer({ minimum: 0 }),
  /** The farthest that a corrected time lies from what was told. */
  mostMs: Type.Number({ minimum: 0 }),
})
export type DoubtfulTimes = Static<typeof DoubtfulTimes>

export const ContactView = Closed({
  ...ContactPoint.properties,
  device: Name,
  state: ContactNow.properties.state,
  since: ContactNow.properties.since,
})
export type ContactView = Static<typeof ContactView>

export const GatewayView = Closed({
  gateway: Text(40),
  online: Type.Boolean(),
  held: Type.Boolean(),
  since: Nullable(Instant),
  lastHeard: Nullable(Instant),
  software: Nullable(Text(40)),
  /** Version of the contract that it speaks, and whether this server understands it (ADR 12). */
  contract: Nullable(Type.Integer()),
  fits: OneOf(['same', 'older', 'newer', 'too-old', 'too-new', 'unknown']),
  config: ConfigSummary,
  clock: Nullable(ClockQuality),
  doubtful: Nullable(DoubtfulTimes),
  consoleUrl: Nullable(Text(200)),
  backlog: Type.Integer(),
  oldestUnsentMs: Nullable(Type.Number()),
  quarantined: Type.Integer(),
  witnessedSize: Nullable(Type.Integer()),
  devices: Type.Array(DeviceView),
  contacts: Type.Array(ContactView),
})
export type GatewayView = Static<typeof GatewayView>

/** One line of 体检: state, why it matters. The texts belong to the screen, by id. */
export const Check = Closed({
  id: OneOf([
    'database',
    'timescale',
    'disk',
    'durability',
    'broker',
    'gateways',
    'clocks',
    'contracts',
    'configs',
    'ledger',
    'witness',
    'quarantine',
    'secureContext',
    'timeZone',
  ]),
  state: OneOf(['ok', 'attention', 'bad', 'unknown']),
  detail: Nullable(Text(300)),
})
export type Check = Static<typeof Check>

export const getHealth = route({
  method: 'GET',
  path: '/api/health',
  access: signedIn,
  tag: 'gateways',
  summary: '体检: every check of the server, and every gateway with its devices',
  response: Closed({
    checks: Type.Array(Check),
    gateways: Type.Array(GatewayView),
    serverTime: Instant,
  }),
})
