import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { createPointsDriver } from '../opcua-points/driver.ts'
import type { OpcUaPoints } from '../opcua-points/kind.ts'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { TestPlace, type TestSecurity, TestServer } from './testing.ts'
import { approve, listRejected, pkiOf, secretsDirOf } from './trust.ts'

const firstBackoff = 500
const grace = 1000
const limits = {
  temperature: { low: 14, high: 24, deadband: 0.5 },
  humidity: { low: 45, high: 60, deadband: 2 },
  onDelayMs: 0,
  offDelayMs: 0,
}
const place = { label: '库内', room: 'R1', xMm: 0, yMm: 0 }
const deviceAt = (port: number, more: Partial<OpcUaPoints['server']> = {}): OpcUaPoints => ({
  id: 'air-1',
  label: 'air',
  driver: 'opcua-points',
  server: { endpoint: `opc.tcp://127.0.0.1:${port}`, ...more },
  everyMs: 3000,
  air: {
    sensors: [
      {
        id: 'room',
        ...place,
        temperature: { node: 'nsu=urn:lantai:test;s=Temperature' },
        humidity: { node: 'nsu=urn:lantai:test;s=Humidity' },
      },
    ],
    limits,
  },
})

/** A driver on the wall clock's date, moved by so many days, and on timers that only the test lets fire. */
class DatedClock extends SignalClock {
  days = 0
  override now() {
    return Date.now() + this.days * 86_400_000
  }
}

function driverOf(here: TestPlace, device: OpcUaPoints, clock = new DatedClock()) {
  const events = new EventLog()
  const deps = { ...events.deps(clock), dataDir: here.dataDir }
  const driver = createPointsDriver(device, deps, loopbackIo())
  driver.start()
  return {
    events,
    clock,
    /** The next try, behind the next wait. */
    async again(waitMs = firstBackoff) {
      await clock.pass(waitMs)
    },
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
    },
  }
}
const approveAll = (here: TestPlace) => {
  const pki = pkiOf(here.dataDir)
  return listRejected(pki).map(({ thumbprint }) => approve(pki, thumbprint))
}

test('untrusted, rejected, approved, connected: never before a person has approved', async () => {
  using here = new TestPlace()
  await using server = await TestServer.start(here)
  await using d = driverOf(here, deviceAt(server.port))
  await d.clock.pass(grace)
  const refused = await d.events.next('health')
  const [waiting] = listRejected(pkiOf(here.dataDir))
  expect(refused).toMatchObject({ state: 'offline' })
  expect(refused.detail).toContain(`certificate ${waiting?.thumbprint} is not approved`)
  expect(refused.detail).toContain(waiting?.fingerprint.replaceAll(':', ''))
  expect(server.sessions).toBe(0)
  // The second try has failed as the first did.
  await d.clock.armed(2 * firstBackoff)
  expect(approveAll(here)).toHaveLength(1)
  await d.again(2 * firstBackoff)
  expect(await d.events.next('readings')).toMatchObject({
    sensor: 'room',
    values: { temperature: 20.5, humidity: 51 },
  })
  expect(await d.events.next('health')).toMatchObject({ state: 'online', detail: null })
  expect(approveAll(here)).toHaveLength(0)
})

test.each<TestSecurity>(['none', 'sign'])(
  'a server that offers only mode %s is refused',
  async (security) => {
    using here = new TestPlace()
    await using server = await TestServer.start(here, { security })
    await using d = driverOf(here, deviceAt(server.port))
    await d.clock.pass(grace)
    const { state, detail } = await d.events.next('health')
    expect(state).toBe('offline')
    expect(detail).toMatch(/^the server offers no Basic256Sha256 with SignAndEncrypt/)
    expect(server.sessions).toBe(0)
  },
)

test('a server restarts: its air is offline after a second, and back by the first try after it', async () => {
  using here = new TestPlace()
  const first = await TestServer.start(here)
  const { port } = first
  await using d = driverOf(here, deviceAt(port))
  await d.clock.armed(grace)
  approveAll(here)
  await d.again()
  await d.events.next('health', (e) => e.state === 'online')
  await first[Symbol.asyncDispose]()
  await d.clock.pass(grace)
  await d.events.next('health', (e) => e.state === 'offline')
  await d.clock.armed(4 * firstBackoff)
  await using _second = await TestServer.start(here, { port })
  await d.again(4 * firstBackoff)
  await d.events.next('readings')
  await d.events.next('health', (e) => e.state === 'online')
})

test('a user by name and password out of a file; a wrong password opens nothing', async () => {
  using here = new TestPlace()
  const user = { name: 'lantai', password: '正确的口令' }
  await using server = await TestServer.start(here, { user })
  const secrets = secretsDirOf(here.dataDir)
  mkdirSync(secrets, { recursive: true })
  const passwordFile = join(secrets, 'plc')
  writeFileSync(passwordFile, '错的\n')
  const device = deviceAt(server.port, { user: { name: 'lantai', passwordFile: 'plc' } })
  await using d = driverOf(here, device)
  await d.clock.armed(grace)
  approveAll(here)
  await d.again()
  await d.clock.armed(2 * firstBackoff)
  expect(server.sessions).toBe(0)
  writeFileSync(passwordFile, `${user.password}\n`)
  await d.again(2 * firstBackoff)
  await d.events.next('readings')
  expect(server.sessions).toBe(1)
})

test('a certificate that ends within 30 days makes the device degraded, and says whose', async () => {
  using here = new TestPlace()
  await using server = await TestServer.start(here)
  const clock = new DatedClock()
  await using d = driverOf(here, deviceAt(server.port), clock)
  await clock.armed(grace)
  approveAll(here)
  clock.days = 5 * 365 - 20
  await d.again()
  const told = await d.events.next('health', (e) => e.state !== 'offline')
  expect(told).toMatchObject({ state: 'degraded' })
  expect(told.detail).toMatch(/^our certificate ends in (18|19) days$/)
})
