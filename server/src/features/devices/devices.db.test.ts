import { createPublicKey, verify } from 'node:crypto'
import {
  contractVersion,
  type DesiredConfig,
  type DeviceAsk,
  hiddenSecret,
  type LiveMessage,
  type Tick,
  topics,
} from '@lantai/contracts'
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest'
import type { SignedIn } from '../../http/signed-in.ts'
import { createTestContext, type TestContext } from '../../testing.ts'
import { sensorViews } from '../climate/climate.ts'
import { runChecks } from '../gateways/checks.ts'
import { takeState, takeTick } from '../gateways/gateways.ts'
import { gatewayViews } from '../gateways/views.ts'
import { askDevice, takeAnswer } from './asks.ts'
import { putDevice, removeDevice, rollBack } from './change.ts'
import { devicesOf, diffOfVersions, driversOf, versionOf, versionsOf } from './devices.ts'
import { airEntry, file, report, sha256 } from './testing.ts'

let t: TestContext
let gateway: string
let next = 0
const boot = '7d0c6f0e-6b7e-4a52-9f5e-0c1d2e3f4a5b'
const person: SignedIn = {
  ...{ id: '11111111-1111-4111-8111-111111111111', name: '系统员', account: 'sys' },
  ...{ roles: ['systemOfficer'], clearance: 'open', sessionId: 's' },
}
beforeAll(async () => {
  t = await createTestContext()
})
afterAll(async () => {
  await t?.[Symbol.asyncDispose]()
})
beforeEach(async () => {
  gateway = `gw-${++next}`
  t.sent.length = 0
  t.published.length = 0
  await takeState(t.ctx, gateway, { online: true, boot, conn: 1, contract: contractVersion })
})

const open = <T>(topic: string): T[] =>
  t.sent
    .filter((s) => s.topic === topic)
    .map((s) => {
      const { body, sig } = s.body as { body: string; sig: string }
      const key = createPublicKey(t.ctx.secrets.commandKey)
      expect(verify(null, Buffer.from(body), key, Buffer.from(sig, 'base64'))).toBe(true)
      return JSON.parse(body) as T
    })
const desired = () => open<DesiredConfig>(topics('demo', gateway).cfgDesired)
const summary = async () => (await gatewayViews(t.ctx)).find((g) => g.gateway === gateway)?.config
const first = file(airEntry('air-1'), airEntry('air-2'))
const told = () => report(t.ctx, gateway, 0, first)
const change = (base: number, more: object = {}) => ({ base, reason: 'because', ...more })

test("a gateway's own file is version 0: shown, agreed with, and the base of the first change", async () => {
  await told()
  expect(await summary()).toEqual({ desiredVersion: null, reportedVersion: 0, drift: null })
  const { version, devices } = await devicesOf(t.ctx, gateway)
  expect(version).toBe(0)
  expect(devices.map((d) => [d.device, d.same])).toEqual([
    ['air-1', true],
    ['air-2', true],
  ])
  expect((await driversOf(t.ctx, gateway)).drivers.map((d) => d.driver)).toEqual(['air'])
  expect((await versionsOf(t.ctx, gateway)).versions).toMatchObject([
    { version: 0, by: 'DEVICES_FILE', origin: 'gateway', state: 'applied', running: true },
  ])
})

test('D12 a change is a new signed version on record; drift until its gateway says applied, and pages hear of both', async () => {
  await told()
  t.published.length = 0
  const made = await putDevice(
    t.ctx,
    gateway,
    'air-3',
    { ...change(0), entry: airEntry('air-3') },
    person,
  )
  expect(made.version).toBe(1)
  const wanted = file(...first.devices, airEntry('air-3'))
  expect(desired()).toMatchObject([
    { gateway, version: 1, sha256: sha256(wanted), body: wanted, by: '系统员', reason: 'because' },
  ])
  expect((await summary())?.drift).toBe('waiting')
  const at = '2026-11-22T06:00:01.000Z'
  const judged = { version: 1, sha256: sha256(wanted), state: 'applied' as const, at, errors: [] }
  await report(t.ctx, gateway, 1, wanted, { judged, by: person.name })
  expect(await summary()).toEqual({ desiredVersion: 1, reportedVersion: 1, drift: null })
  const drifts = t.published
    .filter((m: LiveMessage) => m.room === 'health')
    .map(
      (m) => (m.data as { gateways: { config: { drift: string | null } }[] }).gateways[0]?.config,
    )
  expect(drifts.map((c) => c?.drift)).toEqual(['waiting', null])
  const { rows } = await t.database.pool.query(
    "select actor, detail from custody_entry where event = 'config.wanted' and detail like $1",
    [`${gateway}%`],
  )
  expect(rows).toHaveLength(1)
})

test('a change on an old base is a conflict, and nothing is sent', async () => {
  await told()
  await removeDevice(
    t.ctx,
    gateway,
    'air-2',
    change(0, { withoutContacts: ['air-2-smoke'] }),
    person,
  )
  t.sent.length = 0
  const late = putDevice(t.ctx, gateway, 'x', { ...change(0), entry: airEntry('x') }, person)
  await expect(late).rejects.toMatchObject({ code: 'conflict' })
  expect(desired()).toEqual([])
})

test('S1 a fire contact is not taken away, nor disabled, unless somebody names it', async () => {
  await told()
  const remove = (more: object) => removeDevice(t.ctx, gateway, 'air-1', change(0, more), person)
  await expect(remove({})).rejects.toMatchObject({
    code: 'contacts-unacknowledged',
    detail: 'air-1-smoke',
  })
  const entry = airEntry('air-1', { disabled: true })
  const disable = putDevice(t.ctx, gateway, 'air-1', { ...change(0), entry }, person)
  await expect(disable).rejects.toMatchObject({ code: 'contacts-unacknowledged' })
  await remove({ withoutContacts: ['air-1-smoke'] })
  expect(desired()).toMatchObject([{ version: 1, withoutContacts: ['air-1-smoke'] }])
})

test('an entry is checked by the schema that its gateway told; a driver that it has not is refused', async () => {
  await told()
  const put = (entry: ReturnType<typeof airEntry>) =>
    putDevice(t.ctx, gateway, entry.id, { ...change(0), entry }, person)
  await expect(put(airEntry('a', { host: 7 }))).rejects.toMatchObject({
    errors: [{ path: 'body/entry/host' }],
  })
  await expect(put(airEntry('a', { colour: 'red' }))).rejects.toMatchObject({
    errors: [{ path: 'body/entry/colour', message: 'is not known here' }],
  })
  await expect(put({ ...airEntry('a'), driver: 'telepathy' })).rejects.toMatchObject({
    errors: [{ path: 'body/entry/driver' }],
  })
})

test('a secret is never shown, and stays when it comes back hidden', async () => {
  const secret = file(airEntry('air-1', { password: 'geheim' }))
  await report(t.ctx, gateway, 0, secret)
  const { devices } = await devicesOf(t.ctx, gateway)
  expect(devices[0]?.desired).toMatchObject({ password: hiddenSecret })
  expect(JSON.stringify(await versionOf(t.ctx, gateway, 0))).not.toContain('geheim')
  const entry = airEntry('air-1', { password: hiddenSecret, host: '10.0.0.2' })
  const put = (c: object) =>
    putDevice(t.ctx, gateway, 'air-1', { ...change(0), ...c, entry }, person)
  // Its fire contact would be read from elsewhere.
  await expect(put({})).rejects.toMatchObject({ code: 'contacts-unacknowledged' })
  await put({ withoutContacts: ['air-1-smoke'] })
  expect(desired()[0]?.body.devices[0]).toMatchObject({ password: 'geheim', host: '10.0.0.2' })
  expect((await diffOfVersions(t.ctx, gateway, 0, 1)).devices).toEqual([
    {
      device: 'air-1',
      what: 'changed',
      fields: [{ path: '/host', from: '10.0.0.1', to: '10.0.0.2' }],
    },
  ])
})

test('a rejected version says why; rolling back is a new version with the old body', async () => {
  await told()
  const wanted = file(...first.devices, airEntry('air-3'))
  await putDevice(t.ctx, gateway, 'air-3', { ...change(0), entry: airEntry('air-3') }, person)
  const errors = ['devices.2.host "10.0.0.1" is used by air-1 already']
  const at = '2026-11-22T06:00:01.000Z'
  const judged = { version: 1, sha256: sha256(wanted), state: 'rejected' as const, at, errors }
  await report(t.ctx, gateway, 0, first, { judged })
  expect((await summary())?.drift).toBe('rejected')
  const configs = (await runChecks(t.ctx, await gatewayViews(t.ctx))).find(
    (c) => c.id === 'configs',
  )
  expect(configs).toMatchObject({ state: 'bad' })
  expect((await devicesOf(t.ctx, gateway)).judged).toMatchObject({ version: 1, errors })
  t.sent.length = 0
  await rollBack(t.ctx, gateway, 0, change(1), person)
  expect(desired()).toMatchObject([{ version: 2, sha256: sha256(first), body: first }])
  await report(t.ctx, gateway, 2, first, {
    judged: { ...judged, version: 2, sha256: sha256(first), state: 'applied', errors: [] },
  })
  expect((await summary())?.drift).toBe(null)
  expect((await versionsOf(t.ctx, gateway)).versions.map((v) => [v.version, v.state])).toEqual([
    [2, 'applied'],
    [1, 'rejected'],
    [0, null],
  ])
})

test('what is wanted is sent after every birth, until it runs', async () => {
  await told()
  const entry = airEntry('air-3')
  const asked = { ...change(0), entry }
  const { version, sha256 } = await putDevice(t.ctx, gateway, 'air-3', asked, person)
  const born = (conn: number, more: object = {}) =>
    takeState(t.ctx, gateway, { online: true, boot, conn, contract: contractVersion, ...more })
  t.sent.length = 0
  await born(2)
  await born(3, { configVersion: version, configHash: 'f'.repeat(64) })
  expect(desired()).toMatchObject([{ version: 1 }, { version: 1 }])
  t.sent.length = 0
  await born(4, { configVersion: version, configHash: sha256 })
  expect(desired()).toEqual([])
})

test('a gateway that runs what this server never wrote is drift; a newer list is taken over as the base', async () => {
  await told()
  const foreign = file(airEntry('air-9'))
  await report(t.ctx, gateway, 7, foreign, { by: '前任' })
  expect(await summary()).toEqual({ desiredVersion: 7, reportedVersion: 7, drift: null })
  await report(t.ctx, gateway, 7, first)
  expect((await summary())?.drift).toBe('other')
  const withoutContacts = ['air-1-smoke', 'air-2-smoke']
  const body = { ...change(7, { withoutContacts }), entry: airEntry('air-8') }
  const made = await putDevice(t.ctx, gateway, 'air-8', body, person)
  expect(made.version).toBe(8)
})

test('a report whose parts do not make the list that it names replaces nothing', async () => {
  await told()
  await report(t.ctx, gateway, 3, first, { sha256: 'f'.repeat(64) })
  expect((await summary())?.reportedVersion).toBe(0)
})

test('reports are stored in the order in which they came, and not lost while the database is away', async () => {
  await told()
  let away = true
  let tried = 0
  const write: typeof t.ctx.write = async (act) => {
    tried++
    if (away) throw new Error('the database is away')
    return await t.ctx.write(act)
  }
  const ctx = { ...t.ctx, write }
  const five = report(ctx, gateway, 5, first)
  await vi.waitFor(() => expect(tried).toBe(1))
  const six = report(ctx, gateway, 6, first)
  let stored = false
  void Promise.all([five, six]).then(() => {
    stored = true
  })
  away = false
  await vi.waitFor(() => {
    t.clock.advance(1000)
    expect(stored).toBe(true)
  })
  expect((await summary())?.reportedVersion).toBe(6)
})

test('a sensor that was added in the field is on the plan, where the list says', async () => {
  await report(t.ctx, gateway, 0, file(airEntry(`field-${next}`)))
  const sensor = (await sensorViews(t.ctx)).find((s) => s.sensor === `field-${next}-1`)
  expect(sensor).toMatchObject({ room: 'R1', xMm: 1500, yMm: 2500 })
})

const tick: Tick = {
  ...{ boot, nonce: 'n1', oldestUnsentMs: null, fire: 'normal', fireLatched: false },
  backlog: { alarm: 0, custody: 0, reads: 0, telemetry: 0 },
}

test('S5 an ask quotes the nonce of its gateway, is on record, and is answered once', async () => {
  await told()
  const ask = () => askDevice(t.ctx, gateway, { kind: 'identify', device: 'air-1' }, person)
  await expect(ask()).rejects.toMatchObject({ code: 'gateway-offline' })
  await takeTick(t.ctx, gateway, tick)
  const answered = ask()
  const sent = await sentAsk()
  expect(sent).toMatchObject({ gateway, nonce: 'n1', by: '系统员', what: { kind: 'identify' } })
  const answer = { kind: 'identify' as const, answer: 'blinked' as const }
  takeAnswer(t.ctx, gateway, { ask: sent.id, at: sent.issuedAt, answer })
  expect(await answered).toEqual(answer)
})

test('an ask that is not answered says that its gateway is away', async () => {
  await takeTick(t.ctx, gateway, tick)
  const answered = askDevice(t.ctx, gateway, { kind: 'identify', device: 'air-1' }, person)
  const refused = expect(answered).rejects.toMatchObject({ code: 'gateway-offline' })
  await sentAsk()
  t.clock.advance(12_001)
  await refused
})

/** The broker was given it; real time passes in the database only. */
async function sentAsk(): Promise<DeviceAsk> {
  const prefix = topics('demo', gateway).ask('')
  for (;;) {
    const found = t.sent.find((s) => s.topic.startsWith(prefix))
    if (found) return open<DeviceAsk>(found.topic)[0] as DeviceAsk
    await new Promise((resolve) => setImmediate(resolve))
  }
}
