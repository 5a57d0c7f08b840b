/** Our Modbus master against pymodbus slaves: the same bytes, written by people who never saw our code. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { pino } from 'pino'
import { afterAll, beforeAll, expect } from 'vitest'
import { createSystemClock } from '../src/core/system-clock.ts'
import type { DriverDeps } from '../src/drivers/driver.ts'
import { createAirDriver } from '../src/drivers/modbus-air/driver.ts'
import type { ModbusAir } from '../src/drivers/modbus-air/kind.ts'
import { createContactsDriver } from '../src/drivers/modbus-contacts/driver.ts'
import type { ModbusContacts } from '../src/drivers/modbus-contacts/kind.ts'
import { createOdometerDriver } from '../src/drivers/modbus-odometer/driver.ts'
import { createShelvingDriver } from '../src/drivers/modbus-shelving/driver.ts'
import { EventLog } from '../src/drivers/testing/event-log.ts'
import { peerTest, python, Running } from './programs.ts'

const slave = fileURLToPath(new URL('./pymodbus-slave.py', import.meta.url))
let folder = ''
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'lantai-peers-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const deps = (events: EventLog): DriverDeps => ({
  clock: createSystemClock(),
  log: pino({ level: 'silent' }),
  emit: events.emit,
})
const tcpLine = async (peer: Running) => {
  const [, port] = await peer.line(/^ready (\d+)$/)
  return { transport: 'tcp', host: '127.0.0.1', port: Number(port) } as const
}
const air = (line: ModbusAir['line'], units: number[]): ModbusAir => ({
  id: 'air-1',
  label: 'air',
  driver: 'modbus-air',
  line,
  profile: 'xy-md02',
  everyMs: 200,
  units: units.map((unit) => ({
    id: `th-${unit}`,
    label: `th-${unit}`,
    unit,
    room: 'R1',
    xMm: 0,
    yMm: 0,
  })),
  limits: {
    temperature: { low: 14, high: 24, deadband: 1 },
    humidity: { low: 45, high: 60, deadband: 2 },
    onDelayMs: 0,
    offDelayMs: 0,
  },
})

async function readsAir(line: ModbusAir['line']) {
  const events = new EventLog()
  // Unit 9 does not exist: the line must recover from its silence in every round.
  await using driver = createAirDriver(air(line, [2, 9, 3]), deps(events))
  driver.start()
  const of = (sensor: string) => events.next('readings', (r) => r.sensor === sensor)
  expect((await of('th-2')).values).toEqual({ temperature: 19.5, humidity: 52.5 })
  expect((await of('th-3')).values).toEqual({ temperature: -10.1, humidity: 52.6 })
  expect(await events.next('sensorSilent')).toMatchObject({ sensor: 'th-9', silent: true })
  expect((await of('th-2')).values).toEqual({ temperature: 19.5, humidity: 52.5 })
}

peerTest(['pymodbus'], 'air units of a pymodbus slave are read over TCP', async () => {
  await using peer = new Running(python, [slave, 'tcp'])
  await readsAir(await tcpLine(peer))
})

peerTest(['pymodbus', 'socat'], 'air units of a pymodbus slave are read over RTU', async () => {
  const [ours, theirs] = [join(folder, 'ours'), join(folder, 'theirs')]
  await using pair = new Running('socat', [
    '-d',
    '-d',
    `pty,raw,echo=0,link=${ours}`,
    `pty,raw,echo=0,link=${theirs}`,
  ])
  await pair.line(/starting data transfer loop/)
  await using peer = new Running(python, [slave, 'rtu', theirs])
  await peer.line(/^ready/)
  await readsAir({ transport: 'rtu', path: ours, baud: 9600, parity: 'none', stopBits: 1 })
})

peerTest(
  ['pymodbus', 'socat'],
  'a pulled cable is offline, and the line comes back by itself',
  async () => {
    const [ours, theirs] = [join(folder, 'cable'), join(folder, 'cable-far')]
    const plug = async () => {
      const pair = new Running('socat', [
        '-d',
        '-d',
        `pty,raw,echo=0,link=${ours}`,
        `pty,raw,echo=0,link=${theirs}`,
      ])
      await pair.line(/starting data transfer loop/)
      const peer = new Running(python, [slave, 'rtu', theirs])
      await peer.line(/^ready/)
      return { pair, peer }
    }
    const events = new EventLog()
    const first = await plug()
    const line = { transport: 'rtu', path: ours, baud: 9600, parity: 'none', stopBits: 1 } as const
    await using driver = createAirDriver(air(line, [2]), deps(events))
    driver.start()
    await events.next('health', (h) => h.state === 'online')
    await first.pair[Symbol.asyncDispose]()
    await first.peer[Symbol.asyncDispose]()
    await events.next('health', (h) => h.state === 'offline')
    const second = await plug()
    await events.next('health', (h) => h.state === 'online')
    await second.peer[Symbol.asyncDispose]()
    await second.pair[Symbol.asyncDispose]()
  },
)

peerTest(['pymodbus'], 'contacts of a pymodbus slave are read over TCP', async () => {
  await using peer = new Running(python, [slave, 'tcp'])
  const events = new EventLog()
  const input = (id: string, address: number) =>
    ({ id, label: id, address, means: 'fire', activeLow: true, room: 'R1' }) as const
  const device: ModbusContacts = {
    id: 'contacts-1',
    label: 'contacts',
    driver: 'modbus-contacts',
    line: await tcpLine(peer),
    unit: 1,
    everyMs: 100,
    inputs: [input('fire-panel', 0), input('smoke-1', 2)],
  }
  await using driver = createContactsDriver(device, deps(events))
  driver.start()
  const known = await events.next('contact', (e) => e.state !== 'unknown')
  expect(known).toMatchObject({ input: 'fire-panel', state: 'clear' })
  expect(await events.next('contact')).toMatchObject({ input: 'smoke-1', state: 'active' })
})

peerTest(['pymodbus'], 'a bank on a pymodbus slave is read and written over TCP', async () => {
  await using peer = new Running(python, [slave, 'tcp'])
  const events = new EventLog()
  await using driver = createShelvingDriver(
    {
      id: 'shelf-b1',
      label: 'bank 1',
      driver: 'modbus-shelving',
      line: await tcpLine(peer),
      unit: 1,
      profile: 'bank-modbus',
      everyMs: 200,
      bank: 'B1',
      room: 'R1',
      columns: [11, 12, 13],
      notProvided: ['door'],
    },
    deps(events),
  )
  driver.start()
  const { observed, inputs } = await events.next('bank', (b) => b.observed.motion !== 'unknown')
  expect(observed).toMatchObject({ motion: 'still', mode: 'auto', openAisle: 12, faults: [] })
  expect(observed.columns.map((c) => [c.xMm, c.locked])).toEqual([
    [0, false],
    [900, false],
    [2800, true],
  ])
  expect(Object.values(inputs).every((state) => state === 'clear')).toBe(true)
  expect(await driver.request?.({ verb: 'open', aisle: 12 })).toBe('sent')
})

/** Detectors of the pymodbus slave: what each of their points must say. */
const detectors = [
  [
    4,
    'aspirating',
    { fire: 'clear', preAlarm: 'active', airflowFault: 'active', levelHigh: 'clear' },
  ],
  [5, 'water-leak', { leak: 'active' }],
  [6, 'door-contact', { door: 'active', tamper: 'clear' }],
  [7, 'dio-8', { input0: 'clear', input1: 'active', output1: 'clear', output2: 'active' }],
  [
    8,
    'smartalarm',
    { alarm1: 'active', alarm2: 'active', alarm3: 'clear', alarm4: 'clear', disabled1: 'active' },
  ],
  [255, 'sqr-2', { input1: 'clear', input2: 'active' }],
] as const
type Line = ModbusContacts['line']

/** Every detector that speaks over this kind of line is an entry of its own; all share the one line. */
async function readsDetectors(line: Line) {
  const events = new EventLog()
  await using drivers = new AsyncDisposableStack()
  const expected: string[] = []
  for (const [unit, profile, states] of detectors) {
    if (profile === 'aspirating' && line.transport === 'rtu') continue
    const id = (point: string) => `u${unit}-${point.toLowerCase()}`
    const device: ModbusContacts = {
      id: `unit-${unit}`,
      label: profile,
      driver: 'modbus-contacts',
      line,
      unit,
      profile,
      everyMs: 100,
      inputs: Object.keys(states).map((point) => ({
        id: id(point),
        label: point,
        room: 'R1',
        means: 'fault',
        point,
      })),
    }
    for (const [point, state] of Object.entries(states)) expected.push(`${id(point)} ${state}`)
    const driver = createContactsDriver(device, deps(events))
    drivers.use(driver)
    driver.start()
  }
  const known = new Set<string>()
  while (known.size < expected.length) {
    const { input, state } = await events.next('contact', (e) => e.state !== 'unknown')
    known.add(`${input} ${state}`)
  }
  expect([...known].sort()).toEqual(expected.sort())
}

peerTest(
  ['pymodbus'],
  'detectors of a pymodbus slave are read over TCP by their profiles',
  async () => {
    await using peer = new Running(python, [slave, 'tcp'])
    await readsDetectors(await tcpLine(peer))
  },
)

peerTest(
  ['pymodbus', 'socat'],
  'detectors and air units share one serial line of a pymodbus slave',
  async () => {
    const [ours, theirs] = [join(folder, 'shared'), join(folder, 'shared-far')]
    await using pair = new Running('socat', [
      '-d',
      '-d',
      `pty,raw,echo=0,link=${ours}`,
      `pty,raw,echo=0,link=${theirs}`,
    ])
    await pair.line(/starting data transfer loop/)
    await using peer = new Running(python, [slave, 'rtu', theirs])
    await peer.line(/^ready/)
    const line = { transport: 'rtu', path: ours, baud: 9600, parity: 'none', stopBits: 1 } as const
    // Unit 9 of the air entry does not exist: the bus recovers, for all of them, every time.
    await Promise.all([readsAir(line), readsDetectors(line)])
  },
)

peerTest(['pymodbus'], 'an odometer whose module holds the low word first', async () => {
  await using peer = new Running(python, [slave, 'tcp'])
  const events = new EventLog()
  await using driver = createOdometerDriver(
    {
      ...{ id: 'odo', label: 'odo', driver: 'modbus-odometer', line: await tcpLine(peer) },
      ...{ unit: 10, everyMs: 50, registers: 'holding' },
      ...{ counter: { address: 24, order: 'CDAB' }, pulsesPerMetre: 5000 },
    },
    deps(events),
  )
  driver.start()
  expect(await events.next('odometry')).toMatchObject({ xMm: 14_107.2, deviceUs: null })
})
