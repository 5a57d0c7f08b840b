import { type DeviceHealth, VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { createBus } from './bus.ts'
import { GatewayConfig, readConfig } from './config.ts'
import { loadDevices } from './device-file.ts'
import { HealthRegistry } from './health.ts'
import { createLifecycle } from './lifecycle.ts'
import { createLog } from './log.ts'
import { Packer } from './telemetry.ts'

const env = {
  LANTAI_SITE: 'demo',
  GATEWAY_ID: 'gw-01',
  GATEWAY_DATA_DIR: '/data',
  DEVICES_FILE: '/devices.yaml',
  MQTT_URL: 'mqtts://127.0.0.1:8883',
  MQTT_CA: 'ca',
  MQTT_CERT: 'cert',
  MQTT_KEY: 'key',
  SERVER_COMMAND_PUB: 'c',
  SERVER_LEDGER_PUB: 'l',
}

test('configuration is read with defaults, or refused with everything that is wrong at once', () => {
  const good = readConfig(GatewayConfig, { ...env, CONSOLE_PORT: '8090' })
  expect(good).toMatchObject({ ok: true, config: { CONSOLE_PORT: 8090, OUTBOX_MAX_MB: 512 } })
  const bad = readConfig(GatewayConfig, {
    ...env,
    GATEWAY_ID: 'GW 1',
    MQTT_URL: 'mqtt://plain',
    MQTT_KEY: undefined,
    CONSOLE_HOST: '0.0.0.0',
  })
  const wrong = bad.ok ? [] : bad.wrong
  for (const name of ['GATEWAY_ID', 'MQTT_URL', 'MQTT_KEY', 'CONSOLE_HOST'])
    expect(wrong.some((w) => w.includes(name))).toBe(true)
  expect(wrong.join()).not.toContain('plain')
})

/** A bank with a controller and columns of its own: B1 has columns 1 to 3, B2 has 4 to 6. */
const shelf = (id: string, bank: string) => `
  - id: ${id}
    label: 密集架
    driver: modbus-shelving
    line: { transport: tcp, host: 127.0.0.1, port: ${1500 + nth(bank)} }
    unit: 1
    profile: bank-modbus
    everyMs: 500
    bank: ${bank}
    room: R1
    columns: [${[2, 1, 0].map((n) => nth(bank) * 3 - n).join(', ')}]
    notProvided: [door]`
const nth = (bank: string) => Number(bank.slice(1))
const air = (id: string, baud: number, unit = id) => `
  - id: ${id}
    label: 空气
    driver: modbus-air
    line: { transport: rtu, path: /dev/ttyS1, baud: ${baud}, parity: none, stopBits: 1 }
    profile: xy-md02
    everyMs: 10000
    units: [{ id: ${unit}-1, label: 角, unit: 1, room: R1, xMm: 0, yMm: 0 }]
    limits:
      temperature: { low: 14, high: 24, deadband: 0.5 }
      humidity: { low: 45, high: 60, deadband: 1 }
      onDelayMs: 0
      offDelayMs: 0`
const file = (...devices: string[]) => `version: 1\ndevices:${devices.join('')}\n`
const wrongOf = (text: string) => {
  const r = loadDevices(text)
  return r.ok ? [] : r.wrong
}

test('G6: a good device list is taken', () => {
  expect(loadDevices(file(shelf('shelf-b1', 'B1'), air('air-1', 9600)))).toMatchObject({ ok: true })
})

test('G6: a bad list is refused whole, every error with its line and only the errors of its own driver', () => {
  const text = file(shelf('shelf-b1', 'B1').replace('unit: 1', 'unit: 900'), shelf('SHELF', 'B2'))
  const wrong = wrongOf(text)
  expect(wrong).toHaveLength(2)
  expect(wrong[0]).toMatch(/^line 7: devices\.0\.unit/)
  expect(wrong[1]).toMatch(/^line 14: devices\.1\.id/)
  expect(wrongOf(file('\n  - { id: x, label: x, driver: telepathy }')).join()).toMatch(/driver/)
  expect(wrongOf('version: 1\ndevices: [\n')[0]).toMatch(/^line \d+: /)
  expect(wrongOf('version: 1\ndevices: []\nextra: 1').length).toBeGreaterThan(0)
})

const clashes = (...devices: string[]) =>
  wrongOf(file(...devices)).map((w) => w.replace(/^line \d+: /, ''))

test('S9: one writer per bay: a bank, a controller or a column that is served twice is refused', () => {
  expect(clashes(shelf('a', 'B1'), shelf('b', 'B2'))).toEqual([])
  const bank = shelf('b', 'B2').replace('bank: B2', 'bank: B1')
  expect(clashes(shelf('a', 'B1'), bank)).toEqual(['devices.1.bank "bank B1" is used by a already'])
  const controller = shelf('b', 'B2').replace('port: 1502', 'port: 1501')
  expect(clashes(shelf('a', 'B1'), controller)).toEqual([
    'devices.1.line "127.0.0.1:1501 unit 1" is used by a already',
  ])
  expect(clashes(shelf('a', 'B1'), controller.replace('unit: 1', 'unit: 2'))).toEqual([])
  const column = shelf('b', 'B2').replace('[4, 5, 6]', '[3, 4, 5]')
  expect(clashes(shelf('a', 'B1'), column)).toEqual([
    'devices.1.columns "R1 column 3" is used by a already',
  ])
})

test('an id or a serial line that is claimed twice is refused', () => {
  expect(clashes(shelf('a', 'B1'), shelf('a', 'B2'))).toEqual([
    'devices.1.id "device a" is used by a already',
  ])
  expect(wrongOf(file(air('a', 9600), air('b', 4800))).join()).toMatch(
    /ttyS1 has other settings in a/,
  )
  expect(wrongOf(file(air('a', 9600), air('b', 9600).replace('unit: 1', 'unit: 2')))).toEqual([])
  expect(wrongOf(file(air('a', 9600), air('b', 9600))).join()).toMatch(/ttyS1 unit 1" is used by a/)
  expect(wrongOf(file(air('a', 9600), air('b', 9600, 'a'))).join()).toMatch(
    /"point a-1" is used by/,
  )
})

test('the bus forgets all listeners of an owner', () => {
  const bus = createBus<{ a: number; b: string }>()
  const owner = {}
  const heard: unknown[] = []
  bus.on(owner, 'a', (n) => heard.push(n))
  bus.on(owner, 'b', (s) => heard.push(s))
  bus.on({}, 'a', (n) => heard.push(n * 10))
  bus.emit('a', 1)
  bus.off(owner)
  bus.emit('a', 2)
  bus.emit('b', 'x')
  expect(heard).toEqual([1, 10, 20])
  expect(bus.size()).toBe(1)
})

test('one poll cycle of eight units is one record; a slow line is packed each second', () => {
  const clock = new VirtualClock()
  const packed: { rows: number[][] }[] = []
  const units = Array.from({ length: 8 }, (_, i) => ({ id: `th-${i + 1}` }))
  const packer = new Packer(
    units.map((u) => u.id),
    clock,
    (_at, body) => packed.push(body),
  )
  const cycle = (gapMs: number) => {
    for (const u of units) {
      packer.reading(u.id, { temperature: 20.5, humidity: 50 })
      clock.advance(gapMs)
    }
  }
  cycle(40)
  cycle(40)
  expect(packed.map((p) => p.rows.length)).toEqual([16, 16])
  expect(packed[0]?.rows[15]).toEqual([7, 1, 50, 280])
  cycle(400)
  clock.advance(1000)
  expect(packed.length).toBeGreaterThan(3)
  expect(packed.slice(2).reduce((n, p) => n + p.rows.length, 0)).toBe(16)
})

test('G8: a device is unknown until its driver speaks, and a change of state says since when', () => {
  const clock = new VirtualClock()
  const changed: DeviceHealth[] = []
  const parsed = loadDevices(file(shelf('shelf-b1', 'B1')))
  const health = new HealthRegistry(parsed.ok ? parsed.devices : [], clock, (h) => changed.push(h))
  expect(health.all()[0]?.state).toBe('unknown')
  const report = { state: 'online' as const, detail: null, firmware: null, badFrames: 0 }
  clock.advance(1000)
  health.report('shelf-b1', report)
  health.report('shelf-b1', { ...report, badFrames: 7 })
  expect(changed).toHaveLength(1)
  expect(health.all()[0]).toMatchObject({ badFrames: 7, since: '2026-11-22T06:00:01.000Z' })
  health.lost(['shelf-b1'], 'driver failed')
  expect(changed.at(-1)).toMatchObject({ state: 'offline', detail: 'driver failed', badFrames: 7 })
})

test('a device that the list calls simulated says so, another says nothing of it', () => {
  const simulated = shelf('shelf-b2', 'B2').replace(
    '    unit: 1\n',
    '    unit: 1\n    simulated: true\n',
  )
  const parsed = loadDevices(file(shelf('shelf-b1', 'B1'), simulated))
  const health = new HealthRegistry(
    parsed.ok ? parsed.devices : [],
    new VirtualClock(),
    () => undefined,
  )
  expect(health.all().map((d) => d.simulated)).toEqual([undefined, true])
})

test('a stop undoes in reverse order, and a failing step does not keep the others from ending', async () => {
  const order: string[] = []
  const life = createLifecycle(createLog('silent' as never, 'gw'), () => undefined)
  life.onStop('first', () => void order.push('first'))
  life.onStop('bad', () => {
    throw new Error('no')
  })
  life.onStop('last', () => void order.push('last'))
  await life.stop()
  await life.stop()
  expect(order).toEqual(['last', 'first'])
})
