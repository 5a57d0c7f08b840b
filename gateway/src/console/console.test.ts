import { randomBytes, scryptSync } from 'node:crypto'
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type DeviceHealth, VirtualClock } from '@lantai/contracts'
import { afterEach, expect, test } from 'vitest'
import { checkDevices } from '../core/device-file.ts'
import { createLog } from '../core/log.ts'
import type { FactToRecord } from '../core/recorder.ts'
import { applicationIn } from '../drivers/opcua/application.ts'
import { pkiOf } from '../drivers/opcua/trust.ts'
import { createRunner } from '../interlock/runner.ts'
import { Rig } from '../interlock/testing.ts'
import { Trials } from '../interlock/trials.ts'
import type { BankConfig } from '../interlock/types.ts'
import { solveWalk } from '../locating/walk/solve.ts'
import { Walks } from '../locating/walk/walks.ts'
import { RosterKeeper } from '../uplink/roster.ts'
import { Acts } from './acts.ts'
import { Certificates } from './certificates.ts'
import { startConsole } from './server.ts'
import { Sessions } from './sessions.ts'
import type { LocalState } from './state.ts'

const hash = (password: string) => {
  const salt = randomBytes(16)
  const key = scryptSync(password, salt, 32, { N: 1024, r: 8, p: 1 })
  return `scrypt$1024$8$1$${salt.toString('base64')}$${key.toString('base64')}`
}
const person = (id: number, account: string, roles: string[]) => ({
  id: `00000000-0000-4000-8000-00000000000${id}`,
  account,
  name: account,
  roles,
  hash: hash(`${account}-pw`),
})
const people = [
  person(1, 'wang', ['archivist']),
  person(2, 'li', ['facilities']),
  person(3, 'zhou', ['systemOfficer']),
]

const knownCart = checkDevices({
  version: 1,
  devices: [
    { id: 'cart-1', label: 'r', driver: 'llrp', host: '10.0.0.8', port: 5084, role: 'cart' },
    {
      ...{ id: 'odo-1', label: 'o', driver: 'modbus-odometer', unit: 1, everyMs: 50 },
      ...{ line: { transport: 'tcp', host: '10.0.0.9', port: 502 }, registers: 'input' },
      ...{ counter: { address: 0, order: 'ABCD' }, pulsesPerMetre: 5000 },
    },
  ],
})
const cart = knownCart.ok ? knownCart.devices : []
const online = (device: string): DeviceHealth => ({
  ...{ device, driver: 'x', label: device, state: 'online', since: '2026-11-22T06:00:00.000Z' },
  ...{ detail: null, firmware: null, badFrames: 0 },
})
const scene = {
  face: '24A',
  antennas: [{ antenna: 1, offsetMm: [0, 1000, 0] }],
  shelves: [{ shelf: '24A-1-3', heightMm: 1000, depthMm: 600, fromMm: 0, toMm: 600 }],
  expected: [{ epc: 'AAAA00000000000000000001', shelf: '24A-1-3', rank: 1, thicknessMm: 30 }],
  references: [],
}

const healthOf: { devices: DeviceHealth[] } = { devices: [] }
const closing: (() => Promise<void>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0)) await close()
})

/** The real console over the real interlock; the store answers at once. */
async function rig(bank: Partial<BankConfig> = {}) {
  const room = new Rig(bank)
  const clock = new VirtualClock()
  const roster = new RosterKeeper('gw-01', {
    roster: JSON.stringify({ gateway: 'gw-01', version: 1, people }),
  })
  const facts: FactToRecord[] = []
  const recorder = {
    record: async (list: readonly FactToRecord[]) => {
      facts.push(...list)
      return { stored: true as const }
    },
  }
  const { machine } = room
  const runner = createRunner({
    machine,
    recorder,
    mono: () => room.clock.mono(),
    ask: async () => 'sent',
    tell: (t) => void room.told.push(t),
    fireChanged: () => undefined,
  })
  const dir = mkdtempSync(join(tmpdir(), 'lantai-console-'))
  const acts = new Acts(
    machine,
    runner,
    recorder,
    new Trials(machine, clock),
    (_by, _reason, run) => run(),
  )
  const certificates = new Certificates(
    [pkiOf(dir)],
    () => healthOf.devices,
    (data) => acts.note(data),
  )
  const walks = new Walks({
    clock,
    devices: () => cart,
    health: () => healthOf.devices,
    note: (act, by, face) => acts.note({ act, by, bank: null, reason: face }),
    solve: async (scene, gathered) => solveWalk(scene, gathered),
    failed: (error) => expect.fail(String(error)),
  })
  const { app, port } = await startConsole({
    host: '127.0.0.1',
    port: 0,
    log: createLog('silent' as never, 'gw-01'),
    sessions: new Sessions(roster, clock),
    acts,
    certificates,
    walks,
    state: (me) => ({ me: me && { name: me.name, roles: me.roles } }) as unknown as LocalState,
    settled: async (ms) => ms < 1000,
    metrics: async () => 'lantai_gateway_link_up 1\n',
    storeFull: () => false,
  })
  closing.push(async () => {
    await app.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const url = `http://127.0.0.1:${port}`
  let cookie = ''
  const post = async (path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const answer = await fetch(url + path, {
      method: 'POST',
      headers: {
        origin: url,
        cookie,
        ...(body ? { 'content-type': 'application/json' } : {}),
        ...headers,
      },
      ...(body ? { body: JSON.stringify(body) } : {}),
    })
    return {
      status: answer.status,
      headers: answer.headers,
      body: (await answer.json()) as { code?: string; detail?: string },
    }
  }
  const signIn = async (account: string, password = `${account}-pw`) => {
    const answer = await post('/local/session', { account, password })
    cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? cookie
    return answer
  }
  const result = () => fetch(`${url}/local/walks/result`, { headers: { cookie } })
  return {
    walks,
    result,
    room,
    clock,
    url,
    post,
    signIn,
    facts,
    dir,
    certificates,
  }
}

test('the page is served with a strict policy and no inline script', async () => {
  const { url } = await rig()
  const page = await fetch(url)
  expect(page.headers.get('content-security-policy')).toContain("script-src 'self'")
  const html = await page.text()
  expect(html).not.toMatch(/<script(?![^>]*src=)/)
  expect(html).not.toMatch(/ on[a-z]+=| style=/)
  for (const file of ['/app.js', '/words.js', '/app.css'])
    expect((await fetch(url + file)).status).toBe(200)
})

test('every act needs a signed-in person, this origin and this host', async () => {
  const { post, signIn, url } = await rig()
  const acts = [
    'banks/B1/stop',
    'banks/B1/forbid',
    'banks/B1/release',
    'banks/B1/clear-forbid',
    'banks/B1/reset-crush',
    'rooms/R1/reset-fire',
  ]
  const body = {
    reason: '试一试',
    confirmedOnSite: true,
    second: { account: 'li', password: 'li-pw' },
  }
  const bodyOf = (path: string) => {
    if (path.endsWith('stop')) return undefined
    if (path.endsWith('clear-forbid')) return { reason: body.reason, second: body.second }
    return path.includes('reset')
      ? { reason: body.reason, confirmedOnSite: true }
      : { reason: body.reason }
  }
  for (const path of acts)
    expect((await post(`/local/${path}`, bodyOf(path))).body.code).toBe('not-signed-in')
  await signIn('wang')
  const foreign = await post('/local/banks/B1/stop', undefined, { origin: 'http://evil.example' })
  expect(foreign).toMatchObject({ status: 403, body: { code: 'foreign-origin' } })
  expect((await fetch(`${url}/local/nothing`)).status).toBe(404)
})

test('sign-in: wrong, unknown and locked accounts; a lock ends by itself; a session ends when idle', async () => {
  const { signIn, clock, url, post } = await rig()
  expect((await signIn('nobody', 'x')).body.code).toBe('sign-in-failed')
  for (let n = 0; n < 5; n++) expect((await signIn('wang', 'wrong')).status).toBe(401)
  const locked = await signIn('wang')
  expect(locked).toMatchObject({ status: 429, body: { code: 'sign-in-locked' } })
  expect(locked.headers.get('retry-after')).toBe('60')
  clock.advance(60_001)
  const good = await signIn('wang')
  expect(good.status).toBe(200)
  expect(good.headers.get('set-cookie')).toMatch(/HttpOnly; SameSite=Strict/)
  expect((await post('/local/banks/B1/stop')).status).toBe(200)
  clock.advance(10 * 60_000 + 1)
  expect((await post('/local/banks/B1/stop')).body.code).toBe('not-signed-in')
  expect(await (await fetch(`${url}/local/settled?timeoutMs=10`)).json()).toEqual({ settled: true })
})

test('sign-in: of many guesses at the same moment no more are heard than of as many in a row', async () => {
  const { signIn } = await rig()
  const answers = await Promise.all(Array.from({ length: 12 }, () => signIn('wang', 'wrong')))
  expect(answers.map((a) => a.body.code).sort()).toEqual([
    ...Array(5).fill('sign-in-failed'),
    ...Array(7).fill('sign-in-locked'),
  ])
})

test('S3 S7: release, forbid and the second person, through the front door', async () => {
  const { room, post, signIn, facts } = await rig()
  room.well()
  await signIn('zhou')
  expect((await post('/local/banks/B1/release', { reason: '巡库' })).body.detail).toBe(
    'role may not release',
  )
  await signIn('wang')
  expect((await post('/local/banks/B1/release', { reason: 'x' })).status).toBe(400)
  expect((await post('/local/banks/B1/release', { reason: '巡库' })).status).toBe(200)
  expect(room.machine.bank('B1')?.held('boot')).toBeNull()
  expect((await post('/local/banks/B1/forbid', { reason: '检修' })).status).toBe(200)
  const clear = (account: string, password = `${account}-pw`) =>
    post('/local/banks/B1/clear-forbid', { reason: '检修完', second: { account, password } })
  expect((await clear('wang')).body.detail).toBe('needs a second person')
  expect((await clear('li', 'wrong')).body.detail).toMatch(/second person: sign-in-failed/)
  expect((await clear('li')).status).toBe(200)
  expect(room.machine.bank('B1')?.held('forbid')).toBeNull()
  const acts = facts
    .filter((f) => f.type === 'lantai.console.v1')
    .map((f) => (f.data as { act: string }).act)
  expect(acts).toEqual(['signIn', 'signIn', 'release', 'forbid', 'clearForbid'])
})

test('D11: a reason that no database can keep is refused here, not sent on to block the custody lane', async () => {
  const { room, post, signIn, facts } = await rig()
  room.well()
  await signIn('wang')
  for (const reason of ['检修\u0000', '检修\ud800', '\udc00检修'])
    expect((await post('/local/banks/B1/forbid', { reason })).body.code).toBe('bad-request')
  expect(room.machine.bank('B1')?.held('forbid')).toBeNull()
  expect((await post('/local/banks/B1/forbid', { reason: '检修 🔧' })).status).toBe(200)
  expect(facts.map((f) => (f.data as { reason?: string | null }).reason)).toContain('检修 🔧')
})

test('S8: a fire latch is reset only on site, with a reason, by the right role, and when the inputs are normal', async () => {
  const { room, post, signIn } = await rig()
  room.well()
  room.fire('active')
  await signIn('zhou')
  const reset = (more: object = {}) =>
    post('/local/rooms/R1/reset-fire', { reason: '误报', confirmedOnSite: true, ...more })
  expect((await reset()).body.detail).toBe('role may not reset a latch')
  await signIn('li')
  expect((await reset({ confirmedOnSite: false })).status).toBe(400)
  expect((await reset()).body.detail).toBe('fire input is active')
  room.fire('clear')
  expect((await reset()).status).toBe(200)
  expect(room.machine.fire.latched('R1')).toBeNull()
})

test('S7: a rejected certificate is shown with its device, and approved by an officer with a reason', async () => {
  const { post, signIn, facts, dir, certificates } = await rig()
  const pki = pkiOf(dir)
  // Any certificate will do for that of a server: this one is made as ours are.
  const other = await applicationIn(join(dir, 'other'))
  mkdirSync(join(pki, 'rejected'), { recursive: true })
  copyFileSync(other.certificateFile, join(pki, 'rejected', 'server.pem'))
  const [waiting] = certificates.rejected()
  if (!waiting) throw new Error('nothing waits')
  expect(waiting.subject).toContain('CN=Lantai')
  expect(waiting.thumbprint).toMatch(/^[0-9a-f]{40}$/)
  expect(waiting.fingerprint).toMatch(/^([0-9A-F]{2}:){31}[0-9A-F]{2}$/)
  healthOf.devices = [
    {
      device: 'shelf-b1',
      driver: 'opcua-shelving',
      label: '一组',
      state: 'offline',
      since: '2026-01-01T00:00:00.000Z',
      detail: `server certificate ${waiting.thumbprint} is not approved`,
      firmware: null,
      badFrames: 0,
    },
  ]
  expect(certificates.rejected()[0]?.devices).toEqual([{ device: 'shelf-b1', label: '一组' }])
  const path = `/local/certificates/${waiting.thumbprint}/approve`
  expect((await post(path, { reason: '已核对' })).body.code).toBe('not-signed-in')
  await signIn('wang')
  expect((await post(path, { reason: '已核对' })).body.detail).toBe(
    'role may not approve a certificate',
  )
  await signIn('zhou')
  expect((await post(path, {})).status).toBe(400)
  expect((await post('/local/certificates/..%2Fown/approve', { reason: '已核对' })).status).toBe(
    400,
  )
  const unknown = `/local/certificates/${'0'.repeat(40)}/approve`
  expect((await post(unknown, { reason: '已核对' })).body.detail).toBe('no such certificate waits')
  expect((await post(path, { reason: '与设备屏幕逐位核对' })).status).toBe(200)
  expect(certificates.rejected()).toEqual([])
  expect(existsSync(join(pki, 'trusted', 'certs', `approved-${waiting.thumbprint}.pem`))).toBe(true)
  expect(facts.map((f) => f.data)).toContainEqual({
    act: 'trustCertificate',
    by: 'zhou',
    bank: null,
    reason: '与设备屏幕逐位核对',
    certificate: waiting.thumbprint,
  })
})

test('S1 S11 commissioning at the console: two persons accept what is missing, one watches a trial, the answer is kept as a fact', async () => {
  const { room, post, signIn, facts } = await rig({ leftIs: 'lower' })
  const path = '/local/banks/B1/commissioning'
  const trial = () => ({
    aisle: 2,
    seenRevision: room.machine.bank('B1')?.observed?.revision,
    confirmedOnSite: true,
  })
  room.well()
  room.release()
  expect((await post(`${path}/trial`, trial())).status).toBe(401)
  await signIn('wang')
  const second = { account: 'li', password: 'li-pw' }
  expect((await post(`${path}/accept-inputs`, { second })).status).toBe(200)
  expect((await post(`${path}/trial`, trial())).body.detail).toBe('role may not commission')
  await signIn('li')
  expect((await post(`${path}/trial`, { ...trial(), confirmedOnSite: false })).status).toBe(400)
  expect((await post(`${path}/trial`, trial())).status).toBe(200)
  expect((await post(`${path}/saw`, { opened: 2, confirmedOnSite: true })).body.detail).toBe(
    'the trial is still under way',
  )
  for (const seen of [{ motion: 'moving' as const, openAisle: null }, { openAisle: 2 }]) {
    room.pass(100)
    room.see(seen)
  }
  expect((await post(`${path}/saw`, { opened: 2, confirmedOnSite: true })).status).toBe(200)
  expect(room.machine.bank('B1')?.commissioned.refusal()).toBeNull()
  const acts = facts.filter((f) => f.type === 'lantai.console.v1').map((f) => f.data)
  expect(acts).toMatchObject([
    { act: 'signIn' },
    { act: 'acceptInputs', by: 'wang', second: 'li' },
    { act: 'signIn' },
    { act: 'trial', by: 'li', bank: 'B1' },
    { act: 'sidePolarity', by: 'li', reason: expect.stringContaining('left is lower') },
  ])
})

test('a face is counted: begun and ended by who is signed in, on record, and shown only to them', async () => {
  healthOf.devices = [online('cart-1'), online('odo-1')]
  const { walks, post, signIn, result, clock, facts } = await rig()
  const start = (over: object = {}) =>
    post('/local/walks', { startXMm: -600, scene: { ...scene, ...over } })
  expect(await start()).toMatchObject({ status: 401 })
  await signIn('wang')
  expect(await start({ face: ' ' })).toMatchObject({ status: 400 })
  expect(await start({ references: [{ epc: 'AA00', shelf: 'nowhere', xMm: 1 }] })).toMatchObject({
    status: 409,
    body: { code: 'scene', detail: expect.stringContaining('scene-shelf-unknown') },
  })
  expect((await post('/local/walks/finish')).body).toMatchObject({ code: 'walk' })
  expect((await start()).status).toBe(200)
  expect((await start()).body.detail).toBe('another walk is under way')
  for (let i = 0; i <= 60; i++) {
    clock.advance(50)
    const at = { device: 'odo-1', stretch: 1, deviceUs: null, roundTripMs: 1 }
    walks.take({ kind: 'odometry', ...at, xMm: i * 30 }, 0)
    const heard = { epc: 'BBBB00000000000000000001', antenna: 1, count: 1, frequencyKhz: 920_625 }
    const rssiDbm = -50 - Math.abs(i - 30) / 2
    walks.take({ kind: 'tags', device: 'cart-1', reads: [{ ...heard, rssiDbm }] }, 0)
  }
  expect(walks.state.running?.progress).toMatchObject({ reads: 61, tags: 1, xMm: 1200 })
  expect((await post('/local/walks/finish')).status).toBe(200)
  const answer = await result()
  const body = (await answer.json()) as { shown: { counts: object } }
  expect(body).toMatchObject({ face: '24A', by: 'wang', number: 1 })
  expect(body.shown.counts).toMatchObject({ foreign: 1, uncovered: 1, unread: 0 })
  await post('/local/walks', { startXMm: 0, scene })
  expect((await post('/local/walks/cancel')).status).toBe(200)
  const acts = facts.filter((f) => f.type === 'lantai.console.v1').map((f) => f.data)
  expect(acts.slice(1)).toEqual(
    ['startWalk', 'finishWalk', 'startWalk', 'cancelWalk'].map((act) => ({
      ...{ act, by: 'wang', bank: null, reason: '24A' },
    })),
  )
})

test('a walk without a cart, with a device that is away, or without a step, is refused in words', async () => {
  healthOf.devices = [online('cart-1'), { ...online('odo-1'), state: 'offline' }]
  const { walks, post, signIn, result } = await rig()
  await signIn('wang')
  const start = () => post('/local/walks', { startXMm: 0, scene })
  expect((await start()).body.detail).toBe('the odometer is not online')
  healthOf.devices = [online('cart-1'), online('odo-1')]
  expect((await start()).status).toBe(200)
  await post('/local/walks/finish')
  expect(walks.state.last).toMatchObject({ number: 1, face: '24A', failed: 'scene-shape' })
  expect((await result()).status).toBe(404)
  // A plan of a whole store is larger than what the console takes otherwise.
  const boxes = Array.from({ length: 9000 }, (_, i) => ({
    ...{ epc: `CCCC${i.toString(16).padStart(20, '0')}`, shelf: '24A-1-3', thicknessMm: 30 },
    rank: i + 1,
  }))
  const large = await post('/local/walks', { startXMm: 0, scene: { ...scene, expected: boxes } })
  expect(large.status).toBe(200)
})
