/** Devices of a gateway: settings by version, wanted and running, trying out, 识别. */
import { type Static, Type } from 'typebox'
import { DeviceAnswer, DriverInfo, Sha256, TestReport } from '../device-config.ts'
import { DeviceEntry, DeviceFile, Facets } from '../devices.ts'
import { ReasonOf } from '../free-text.ts'
import { Name } from '../ids.ts'
import { roles, route } from '../route-access.ts'
import { Closed, Instant, Nullable, OneOf, Text } from '../schema.ts'
import { ConfigDrift, ConfigSummary, DeviceView } from './gateways.ts'

const readers = roles('systemOfficer', 'auditOfficer', 'facilities')
const changers = roles('systemOfficer')
const hands = roles('systemOfficer', 'facilities')

const OfGateway = Closed({ gateway: Name })
const OfDevice = Closed({ gateway: Name, device: Name })
/** The store keeps it in four bytes. */
const Version = Type.Integer({ minimum: 0, maximum: 2_147_483_647 })

export const listDrivers = route({
  method: 'GET',
  path: '/api/gateways/:gateway/drivers',
  access: readers,
  tag: 'devices',
  summary:
    'Drivers that a gateway has, with the JSON Schema that the form of a device is drawn from',
  params: OfGateway,
  response: Closed({ drivers: Type.Array(DriverInfo) }),
})

/** One device: what is wanted, what runs, how it is. */
export const DeviceRow = Closed({
  device: Name,
  /** Wanted; null when it is to be removed. */
  desired: Nullable(DeviceEntry),
  /** Running, as its gateway last reported; null when it does not. */
  running: Nullable(DeviceEntry),
  /** What it gives the room, as its gateway says; null when it does not run. */
  facets: Nullable(Facets),
  health: Nullable(DeviceView),
  same: Type.Boolean(),
})
export type DeviceRow = Static<typeof DeviceRow>

const JudgedView = Closed({
  version: Type.Integer(),
  state: OneOf(['applied', 'rejected']),
  at: Instant,
  errors: Type.Array(Text(400)),
})

export const listDevices = route({
  method: 'GET',
  path: '/api/gateways/:gateway/devices',
  access: readers,
  tag: 'devices',
  summary:
    'Every device of a gateway, wanted and running; `version` is what a change must name as its base',
  params: OfGateway,
  response: Closed({
    gateway: Name,
    online: Type.Boolean(),
    /** Base of the next change; null while the gateway has not told its list yet: then nothing can be changed. */
    version: Nullable(Type.Integer()),
    config: ConfigSummary,
    judged: Nullable(JudgedView),
    devices: Type.Array(DeviceRow),
    serverTime: Instant,
  }),
})

export const getDevice = route({
  method: 'GET',
  path: '/api/gateways/:gateway/devices/:device',
  access: readers,
  tag: 'devices',
  summary: 'One device of a gateway',
  params: OfDevice,
  response: Closed({ version: Nullable(Type.Integer()), device: DeviceRow }),
})

const Changed = Closed({ version: Type.Integer(), sha256: Sha256 })
const change = {
  /** `conflict` when it is not the newest any more: somebody else changed the list meanwhile. */
  base: Version,
  reason: ReasonOf(1),
  /**
   * Fire, smoke and panel-fault contacts that this change takes away, disables or reads in another way. One that is not named here is
   * refused with `contacts-unacknowledged`, and the problem's `detail` names them. What a change of an entry does to
   * its contacts only the gateway knows: it rejects the version and says which.
   */
  withoutContacts: Type.Optional(Type.Array(Name, { maxItems: 200 })),
}

export const putDevice = route({
  method: 'POST',
  path: '/api/gateways/:gateway/devices/:device',
  access: changers,
  tag: 'devices',
  summary:
    'Adds or replaces (also: disables) one device, as a new version of the list. The gateway has the last word.',
  params: OfDevice,
  body: Closed({ ...change, entry: DeviceEntry }),
  response: Changed,
})

export const removeDevice = route({
  method: 'POST',
  path: '/api/gateways/:gateway/devices/:device/removal',
  access: changers,
  tag: 'devices',
  summary: 'Removes one device, as a new version of the list',
  params: OfDevice,
  body: Closed(change),
  response: Changed,
})

export const ConfigVersionView = Closed({
  version: Type.Integer(),
  sha256: Sha256,
  by: Text(80),
  at: Instant,
  reason: Text(200),
  /** `gateway` when it was found there and not written here: its DEVICES_FILE, or a list from before a restore. */
  origin: OneOf(['server', 'gateway']),
  /** Null as long as the gateway has not judged it. */
  state: Nullable(OneOf(['applied', 'rejected'])),
  judgedAt: Nullable(Instant),
  errors: Type.Array(Text(400)),
  desired: Type.Boolean(),
  running: Type.Boolean(),
})
export type ConfigVersionView = Static<typeof ConfigVersionView>

export const listVersions = route({
  method: 'GET',
  path: '/api/gateways/:gateway/config',
  access: readers,
  tag: 'devices',
  summary: 'Versions of the device list, newest first: who, when, why, and what became of each',
  params: OfGateway,
  response: Closed({ versions: Type.Array(ConfigVersionView), drift: Nullable(ConfigDrift) }),
})

export const getVersion = route({
  method: 'GET',
  path: '/api/gateways/:gateway/config/:version',
  access: readers,
  tag: 'devices',
  summary: 'One version with its whole list, secrets hidden',
  params: Closed({ gateway: Name, version: Version }),
  response: Closed({ version: ConfigVersionView, body: DeviceFile }),
})

export const DeviceDiff = Closed({
  device: Name,
  what: OneOf(['added', 'changed', 'removed']),
  /** JSON pointers of the fields that differ, with their values; secrets hidden. */
  fields: Type.Array(
    Closed({ path: Text(200), from: Nullable(Type.Unknown()), to: Nullable(Type.Unknown()) }),
  ),
})
export type DeviceDiff = Static<typeof DeviceDiff>

export const diffVersions = route({
  method: 'GET',
  path: '/api/gateways/:gateway/config-diff',
  access: readers,
  tag: 'devices',
  summary: 'What changed from one version to another, device by device',
  params: OfGateway,
  query: Closed({ from: Version, to: Version }),
  response: Closed({ devices: Type.Array(DeviceDiff) }),
})

export const rollBack = route({
  method: 'POST',
  path: '/api/gateways/:gateway/config/:version/roll-back',
  access: changers,
  tag: 'devices',
  summary: 'Makes the list of an older version wanted again, as a new version',
  params: Closed({ gateway: Name, version: Version }),
  body: Closed(change),
  response: Changed,
})

export const testDevice = route({
  method: 'POST',
  path: '/api/gateways/:gateway/test',
  access: changers,
  tag: 'devices',
  summary:
    'Tries settings at the gateway apart from everything that runs; answers when it is over. Records no fact.',
  params: OfGateway,
  body: Closed({
    entry: DeviceEntry,
    seconds: Type.Optional(Type.Integer({ minimum: 1, maximum: 15 })),
  }),
  response: Type.Union([
    Closed({ kind: Type.Literal('report'), report: TestReport }),
    Closed({ kind: Type.Literal('refused'), reasons: Type.Array(Text(400)) }),
  ]),
})

export const identifyDevice = route({
  method: 'POST',
  path: '/api/gateways/:gateway/devices/:device/identify',
  access: hands,
  tag: 'devices',
  summary: '识别: asks a device to show which one it is (blink, beep); it moves nothing',
  params: OfDevice,
  response: DeviceAnswer.properties.answer,
})
