/** The gateway's device list: a YAML file checked against `DeviceFile` before anything is opened (rule D12). */
import { type Static, Type } from 'typebox'
import { BankId, ColumnNo, Name, RoomId } from './ids.ts'
import { Closed, OneOf, Text } from './schema.ts'
import { interlockInputs } from './shelving.ts'

const Host = Type.String({ maxLength: 253, pattern: '^[A-Za-z0-9.:-]+$' })
const Port = Type.Integer({ minimum: 1, maximum: 65_535 })
const common = { id: Name, label: Text(80), simulated: Type.Optional(Type.Boolean()) }

/** Modbus TCP, or RTU on a serial line that several units share. */
export const ModbusLine = Type.Union([
  Closed({ transport: Type.Literal('tcp'), host: Host, port: Port }),
  Closed({
    transport: Type.Literal('rtu'),
    path: Text(200),
    baud: Type.Integer({ minimum: 1200, maximum: 115_200 }),
    parity: OneOf(['none', 'even', 'odd']),
    stopBits: Type.Unsafe<1 | 2>({ type: 'integer', enum: [1, 2] }),
  }),
])

/** RFID reader over LLRP. `gate` readers report passages: antenna 1 is inside the room, antenna 2 outside. */
export const LlrpReader = Closed({
  ...common,
  driver: Type.Literal('llrp'),
  host: Host,
  port: Port,
  role: OneOf(['desk', 'gate']),
  session: Type.Optional(Type.Integer({ minimum: 0, maximum: 3 })),
})

/** Air sensors that share one line; each unit is a sensor of its own. Limits raise alarms at the gateway. */
export const ModbusAir = Closed({
  ...common,
  driver: Type.Literal('modbus-air'),
  line: ModbusLine,
  profile: Name,
  everyMs: Type.Integer({ minimum: 200, maximum: 3_600_000 }),
  units: Type.Array(
    Closed({
      id: Name,
      label: Text(80),
      unit: Type.Integer({ minimum: 1, maximum: 247 }),
      room: RoomId,
      xMm: Type.Number(),
      yMm: Type.Number(),
    }),
    { minItems: 1, maxItems: 64 },
  ),
  limits: Closed({
    temperature: Closed({
      low: Type.Number(),
      high: Type.Number(),
      deadband: Type.Number({ minimum: 0 }),
    }),
    humidity: Closed({
      low: Type.Number(),
      high: Type.Number(),
      deadband: Type.Number({ minimum: 0 }),
    }),
    onDelayMs: Type.Integer({ minimum: 0 }),
    offDelayMs: Type.Integer({ minimum: 0 }),
  }),
})

/** Contacts on a Modbus input module (FC02). Polled at least every 200 ms for fire (devices 3.7). */
export const ModbusContacts = Closed({
  ...common,
  driver: Type.Literal('modbus-contacts'),
  line: ModbusLine,
  unit: Type.Integer({ minimum: 0, maximum: 255 }),
  everyMs: Type.Integer({ minimum: 10, maximum: 10_000 }),
  inputs: Type.Array(
    Closed({
      id: Name,
      label: Text(80),
      address: Type.Integer({ minimum: 0, maximum: 65_535 }),
      means: OneOf(['fire', 'smoke', 'panelFault']),
      /** A normally-closed loop reads 0 in alarm, so that a cut wire alarms. */
      activeLow: Type.Boolean(),
      room: RoomId,
    }),
    { minItems: 1, maxItems: 64 },
  ),
})

/** One bank of mobile shelving behind a Modbus TCP controller; the register map is the named profile. */
export const ModbusShelving = Closed({
  ...common,
  driver: Type.Literal('modbus-shelving'),
  line: ModbusLine,
  unit: Type.Integer({ minimum: 0, maximum: 255 }),
  profile: Name,
  everyMs: Type.Integer({ minimum: 50, maximum: 5_000 }),
  bank: BankId,
  room: RoomId,
  /** Column numbers in rail order, the fixed one first. */
  columns: Type.Array(ColumnNo, { minItems: 2, maxItems: 64 }),
  /** Inputs that this controller cannot give, accepted by two persons at commissioning (rule S1). */
  notProvided: Type.Array(
    OneOf(interlockInputs.filter((i) => !['link', 'fire', 'forbid'].includes(i))),
    {
      maxItems: interlockInputs.length,
    },
  ),
})

export const Device = Type.Union([LlrpReader, ModbusAir, ModbusContacts, ModbusShelving])
export type Device = Static<typeof Device>
export type DeviceOf<D extends Device['driver']> = Extract<Device, { driver: D }>

export const DeviceFile = Closed({
  version: Type.Literal(1),
  devices: Type.Array(Device, { maxItems: 200 }),
})
export type DeviceFile = Static<typeof DeviceFile>
