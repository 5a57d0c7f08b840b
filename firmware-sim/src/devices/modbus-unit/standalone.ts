import type { ContactMeans, DeviceEntry } from '@lantai/contracts'
import type { ToDevice } from '../messages.ts'
import type { Standalone, StandaloneAddress } from '../standalone.ts'
import { type AirModel, loopsOf, type UnitModel } from './models.ts'

const baud = 9600
const happenings = 8

type Input = Record<string, unknown> & { id: string; label: string; means: ContactMeans }
/** An input that is a point of a profile. */
const at = (point: string, id: string, label: string, means: ContactMeans): Input => ({
  id,
  label,
  means,
  point,
})

interface Contacts {
  name: string
  about: string
  label: string
  wire: 'tcp' | 'pty'
  model: Exclude<UnitModel, AirModel>
  unit: number
  profile: string
  everyMs: number
  inputs: readonly Input[]
}

/** Alarm and back again, one loop after another, so that a client sees each of them happen. */
const tripInTurn =
  (loops: number) =>
  (n: number): ToDevice | null => {
    if (n % happenings !== 0 && n % happenings !== happenings / 2) return null
    const tripped = n % happenings === 0 ? Math.floor(n / happenings) % loops : -1
    return { type: 'contacts', closed: Array.from({ length: loops }, (_, i) => i !== tripped) }
  }

const lineAt = (wire: 'tcp' | 'pty', { host, port, path }: StandaloneAddress) =>
  wire === 'tcp' || path === ''
    ? { transport: 'tcp', host, port }
    : { transport: 'rtu', path, baud, parity: 'none', stopBits: 1 }

const contacts = (c: Contacts): Standalone => ({
  name: c.name,
  about: c.about,
  wire: c.wire,
  spec: ({ port, path, seed }) => ({
    kind: 'modbus-unit',
    model: c.model,
    unit: c.unit,
    wire: c.wire === 'pty' && port === 0 ? { path, baud } : { port },
    seed,
  }),
  entry: (where): DeviceEntry => ({
    id: c.name,
    label: c.label,
    driver: 'modbus-contacts',
    simulated: true,
    line: lineAt(c.wire, where),
    unit: c.unit,
    profile: c.profile,
    everyMs: c.everyMs,
    inputs: c.inputs.map((i) => ({ ...i, room: 'R1' })),
  }),
  first: [],
  again: tripInTurn(loopsOf[c.model]),
})

const limits = {
  temperature: { low: 14, high: 24, deadband: 0.5 },
  humidity: { low: 45, high: 60, deadband: 2 },
  onDelayMs: 600_000,
  offDelayMs: 600_000,
}
const airEntry = (
  wire: 'tcp' | 'pty',
  units: readonly number[],
  where: StandaloneAddress,
  profile = 'xy-md02',
) => ({
  id: 'air-1',
  label: '温湿度变送器',
  driver: 'modbus-air',
  simulated: true,
  line: lineAt(wire, where),
  profile,
  everyMs: 1000,
  units: units.map((unit) => ({
    id: `th-${unit}`,
    label: `变送器 ${unit}`,
    unit,
    room: 'R1',
    xMm: unit * 1000,
    yMm: 1000,
  })),
  limits,
})
/** Two kinds of air in turn, each for longer than a round of polls. */
const airOf = (units: readonly number[], n: number): ToDevice => {
  const isFirst = n % happenings < happenings / 2
  const air = isFirst
    ? { temperature: 21.5, humidity: 52.3 }
    : { temperature: 21.7, humidity: 52.1 }
  return { type: 'air', air: Object.fromEntries(units.map((u) => [u, air])) }
}

export const standalone: readonly Standalone[] = [
  {
    name: 'modbus-air',
    about: 'four XY-MD02 transmitters on one RS-485 line, Modbus RTU 9600 8N1, units 1 to 4',
    wire: 'pty',
    spec: ({ port, path, seed }) => ({
      kind: 'air-line',
      path,
      baud,
      units: [1, 2, 3, 4],
      seed,
      ...(port === 0 ? {} : { port }),
    }),
    entry: (where) => airEntry('pty', [1, 2, 3, 4], where),
    first: [airOf([1, 2, 3, 4], 0)],
    again: (n) => airOf([1, 2, 3, 4], n),
  },
  {
    name: 'modbus-air-tcp',
    about: 'XY-MD02 transmitter behind Modbus TCP, unit 1',
    wire: 'tcp',
    spec: ({ port, seed }) => ({
      kind: 'modbus-unit',
      model: 'air',
      unit: 1,
      wire: { port },
      seed,
    }),
    entry: (where) => airEntry('tcp', [1], where),
    first: [airOf([1], 0)],
    again: (n) => airOf([1], n),
  },
  {
    name: 'modbus-air-jxbs',
    about:
      'JXBS / PR-3000 class transmitter, Modbus RTU 9600 8N1, unit 1, FC03: humidity, temperature',
    wire: 'pty',
    spec: ({ port, path, seed }) => ({
      kind: 'modbus-unit',
      model: 'jxbs',
      unit: 1,
      wire: port === 0 ? { path, baud } : { port },
      seed,
    }),
    entry: (where) => airEntry('pty', [1], where, 'jxbs-pr3000'),
    first: [airOf([1], 0)],
    again: (n) => airOf([1], n),
  },
  contacts({
    name: 'modbus-smoke',
    about: 'novabo SQR-2 smoke detector, Modbus RTU 9600 8N1, unit 255, FC02, 0 is alarm',
    label: '感烟探测器',
    wire: 'pty',
    model: 'smoke',
    unit: 255,
    profile: 'sqr-2',
    everyMs: 200,
    inputs: [0, 1, 2, 3, 4, 5, 6, 7].map((i) =>
      at(`input${i}`, `smoke-${i + 1}`, `烟感 ${i + 1}`, 'smoke'),
    ),
  }),
  contacts({
    name: 'modbus-aspirating',
    about: 'aspirating smoke detector behind its display module, Modbus TCP, holding registers',
    label: '吸气式感烟探测器',
    wire: 'tcp',
    model: 'aspirating',
    unit: 1,
    profile: 'aspirating',
    everyMs: 200,
    inputs: [
      at('fire', 'asd-fire', '吸气式火警', 'smoke'),
      at('preAlarm', 'asd-pre', '吸气式预警', 'fault'),
      at('generalFault', 'asd-fault', '探测器故障', 'panelFault'),
      at('airflowFault', 'asd-airflow', '气流故障', 'fault'),
      at('powerFault', 'asd-power', '电源故障', 'fault'),
    ],
  }),
  contacts({
    name: 'modbus-annunciator',
    about: 'SmartAlarm annunciator, Modbus TCP, holding registers 40001, 40011, 40021 on the wire',
    label: '报警显示器',
    wire: 'tcp',
    model: 'annunciator',
    unit: 1,
    profile: 'smartalarm',
    everyMs: 200,
    inputs: [
      at('alarm1', 'sa-1', '回路 1', 'intrusion'),
      at('alarm2', 'sa-2', '回路 2', 'intrusion'),
      at('disabled1', 'sa-1-off', '回路 1 屏蔽', 'fault'),
    ],
  }),
  contacts({
    name: 'modbus-water',
    about: 'water leak transmitter, Modbus RTU 9600 8N1, unit 1, FC03 0x0002: 1 dry, 2 wet',
    label: '水浸变送器',
    wire: 'pty',
    model: 'water',
    unit: 1,
    profile: 'water-leak',
    everyMs: 500,
    inputs: [at('leak', 'leak-1', '空调下水浸', 'water')],
  }),
  contacts({
    name: 'modbus-door',
    about: 'door contact and tamper loop, Modbus RTU 9600 8N1, unit 3, FC02, closed loops read 1',
    label: '门磁模块',
    wire: 'pty',
    model: 'door',
    unit: 3,
    profile: 'door-contact',
    everyMs: 500,
    inputs: [
      at('door', 'door-r1', '库房门', 'door'),
      at('tamper', 'door-r1-tamper', '门磁防拆', 'tamper'),
    ],
  }),
  contacts({
    name: 'modbus-dio',
    about: 'eight inputs and eight outputs, Modbus TCP, FC02 and FC01; outputs follow open inputs',
    label: '开关量模块',
    wire: 'tcp',
    model: 'dio',
    unit: 1,
    profile: 'dio-8',
    everyMs: 250,
    inputs: [
      at('input0', 'dio-intrusion', '红外入侵', 'intrusion'),
      at('input1', 'dio-water', '漏水绳', 'water'),
      at('output2', 'dio-fault', '故障继电器', 'fault'),
    ],
  }),
]
