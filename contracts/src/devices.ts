/**
 * The gateway's device list: a YAML file checked before anything is opened (rule D12). What stands here is common to
 * all devices; the rest of an entry belongs to its driver, whose schema lives in the driver's own folder at the
 * gateway and travels to the server with `cfg/reported`, so that a new driver is no change of this contract.
 */
import { type Static, Type } from 'typebox'
import { BankId, ColumnNo, Name, RoomId } from './ids.ts'
import { Closed, OneOf, Text } from './schema.ts'
import { interlockInputs } from './shelving.ts'

/** One device of the list. Every further field is checked against the schema of `driver`. */
export const DeviceEntry = Type.Object(
  {
    id: Name,
    label: Text(80),
    driver: Name,
    /** Left out means real. The screens say what is simulated. */
    simulated: Type.Optional(Type.Boolean()),
    /** Kept in the list and not connected; its points are unknown. */
    disabled: Type.Optional(Type.Boolean()),
  },
  { additionalProperties: true },
)
export type DeviceEntry = Static<typeof DeviceEntry> & Record<string, unknown>

export const DeviceFile = Closed({
  version: Type.Literal(1),
  devices: Type.Array(DeviceEntry, { maxItems: 200 }),
})
export type DeviceFile = Static<typeof DeviceFile> & { devices: DeviceEntry[] }

// ---------------------------------------------------------------- what a device gives a room

/** `gate`: antenna 1 is inside the room, antenna 2 outside. `cart`: its antennas are walked along a face to count it. */
export const ReaderRole = OneOf(['desk', 'gate', 'cart'])
export type ReaderRole = Static<typeof ReaderRole>

/** Place of an air sensor on the plan of its room, millimetres. */
export const AirPoint = Closed({
  id: Name,
  label: Text(80),
  room: RoomId,
  xMm: Type.Number(),
  yMm: Type.Number(),
})
export type AirPoint = Static<typeof AirPoint>

const Band = Closed({
  low: Type.Number(),
  high: Type.Number(),
  deadband: Type.Number({ minimum: 0 }),
})

/** Degrees Celsius and percent relative humidity; beyond them for `onDelayMs` raises an alarm at the gateway. */
export const AirLimits = Closed({
  temperature: Band,
  humidity: Band,
  onDelayMs: Type.Integer({ minimum: 0 }),
  offDelayMs: Type.Integer({ minimum: 0 }),
})
export type AirLimits = Static<typeof AirLimits>

/** Contacts that feed the interlock's fire input. Any `fire` or `smoke` inhibits all motion of its room. */
export const fireMeans = ['fire', 'smoke', 'panelFault'] as const
export type FireMeans = (typeof fireMeans)[number]
export const isFireMeans = (means: ContactMeans): means is FireMeans =>
  (fireMeans as readonly ContactMeans[]).includes(means)

/** What a contact means when it is active. */
export const contactMeans = [
  ...fireMeans,
  'water',
  'door',
  'intrusion',
  'tamper',
  'batteryLow',
  'fault',
] as const
export const ContactMeans = OneOf(contactMeans)
export type ContactMeans = Static<typeof ContactMeans>

export const ContactPoint = Closed({
  id: Name,
  label: Text(80),
  room: RoomId,
  means: ContactMeans,
})
export type ContactPoint = Static<typeof ContactPoint>

/** Inputs that this controller cannot give, accepted by two persons at commissioning (rule S1). */
export const NotProvided = Type.Array(
  OneOf(interlockInputs.filter((i) => !['link', 'fire', 'forbid'].includes(i))),
  { maxItems: interlockInputs.length },
)

/** One bank of mobile shelving; column numbers in rail order, the fixed one first. */
export const BankPlace = Closed({
  bank: BankId,
  room: RoomId,
  columns: Type.Array(ColumnNo, { minItems: 2, maxItems: 64 }),
  notProvided: NotProvided,
})
export type BankPlace = Static<typeof BankPlace>

/**
 * Which side the controller calls left: that of the fixed column (`lower`) or the other. `unset`: nobody has said
 * yet; `absolute`: its aisle numbers need no side. Present where a bank must be commissioned before it may move (S11).
 */
export const SidePolarity = OneOf(['lower', 'higher', 'unset', 'absolute'])
export type SidePolarity = Static<typeof SidePolarity>

/**
 * What a device gives the room, whatever protocol it speaks: everything behind the drivers knows facets and no
 * protocol. Sensor and contact ids are unique in the list.
 */
export const Facets = Closed({
  reader: Type.Optional(Closed({ role: ReaderRole })),
  air: Type.Optional(
    Closed({
      sensors: Type.Array(AirPoint, { minItems: 1, maxItems: 64 }),
      limits: AirLimits,
      /** A sensor that was not heard for three of these is silent. */
      everyMs: Type.Integer({ minimum: 1 }),
    }),
  ),
  contacts: Type.Optional(Type.Array(ContactPoint, { minItems: 1, maxItems: 64 })),
  bank: Type.Optional(Closed({ ...BankPlace.properties, leftIs: Type.Optional(SidePolarity) })),
  /** Says how far a cart has been walked. */
  odometer: Type.Optional(Closed({ everyMs: Type.Integer({ minimum: 1 }) })),
})
export type Facets = Static<typeof Facets>
