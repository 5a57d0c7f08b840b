/** Life in the field: the device list changed from the server while everything runs (D12, G6). */
import { readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { api, DeviceEntry, ResponseOf } from '@lantai/contracts'
import pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { until } from '../testing.ts'
import { gatewayPath, OfficerSite } from './officer-site.ts'

type Versions = ResponseOf<typeof api.devices.listVersions>
type Trial = ResponseOf<typeof api.devices.testDevice>
let stand: OfficerSite

/** The gateway's own page says that it hears the sensor again; asked of the gateway, for the server is away. */
const sensorBack = () => until(async () => (await localDevices()).get('field-air') === 'online')
async function localDevices(): Promise<Map<string, string>> {
  const answer = await fetch(`${stand.site.consoleUrl}/local/state`).catch(() => null) // not up yet
  const said = answer
    ? ((await answer.json()) as { devices: { device: string; state: string }[] })
    : null
  return new Map(said?.devices.map((d) => [d.device, d.state]))
}

const base = gatewayPath
const call = <T>(method: 'GET' | 'POST', path: string, body?: unknown) =>
  stand.call<T>(method, path, body)
const devices = () => stand.devices()
const versions = async () => (await call<Versions>('GET', `${base}/config`)).body.versions
const health = (device: string) => stand.health(device)
const put = (entry: DeviceEntry, more?: object) => stand.put(entry, more)
const judged = (version: number, state: 'applied' | 'rejected') =>
  until(async () => (await versions()).some((v) => v.version === version && v.state === state))

const added = (): DeviceEntry =>
  stand.entry({
    ...{ id: 'field-air', label: '新装温湿度' },
    sensor: { id: 'field-air-1', label: '新装', room: 'R1', xMm: 4200, yMm: 900 },
  })

interface GatewayRow {
  boot: string
  epoch: string
  conn: string
}
async function query<T extends pg.QueryResultRow>(text: string): Promise<T[]> {
  const client = new pg.Client({ connectionString: stand.site.databaseUrl('superuser') })
  await client.connect()
  try {
    return (await client.query<T>(text)).rows
  } finally {
    await client.end()
  }
}
/** Nobody says again what was said: messages go down and up, and no report comes with them. */
async function quiet() {
  const reports = () => query('select xmin::text from gateway_config')
  const ask = () => call('POST', `${base}/devices/field-air/identify`)
  await ask()
  const before = await reports()
  for (let i = 0; i < 3; i++) await ask()
  expect(await reports()).toEqual(before)
}
const gatewayRow = async () =>
  (await query<GatewayRow>("select boot, epoch, conn from gateway where gateway = 'gw-01'"))[0]

/** The driver processes of the gateway, and every open socket of each, by inode: a new connection is another one. */
function driverSockets(): Map<number, Set<string>> {
  const pid = stand.site.pid('gateway') ?? -1
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ')
  return new Map(children.filter(Boolean).map((child) => [Number(child), socketsOf(child)]))
}
function socketsOf(pid: string): Set<string> {
  const fds = `/proc/${pid}/fd`
  const names = readdirSync(fds).flatMap((fd) => {
    try {
      return [readlinkSync(join(fds, fd))]
    } catch {
      return [] // closed while we looked
    }
  })
  return new Set(names.filter((n) => n.startsWith('socket:')))
}

beforeAll(async () => {
  stand = await OfficerSite.open('example-thermometer', 'field-air')
})
afterAll(async () => {
  await stand?.[Symbol.asyncDispose]()
})

test('the gateway has told its own file as version 0, and the forms of its drivers', async () => {
  await until(async () => (await devices()).version === 0)
  const { config, devices: list } = await devices()
  expect(config).toEqual({ desiredVersion: null, reportedVersion: 0, drift: null })
  expect(list.every((d) => d.same && d.running !== null)).toBe(true)
  const { body } = await call<ResponseOf<typeof api.devices.listDrivers>>('GET', `${base}/drivers`)
  expect(body.drivers.map((d) => d.driver)).toContain('modbus-air')
})

test('G7: 体检 finds list, versions and clock in order', async () => {
  type Health = ResponseOf<typeof api.gateways.getHealth>
  const states = async () => {
    const { checks } = (await call<Health>('GET', '/api/health')).body
    const mine = checks.filter((c) => ['clocks', 'contracts', 'configs'].includes(c.id))
    return mine.map((c) => c.state)
  }
  await until(async () => (await states()).join() === 'ok,ok,ok')
})

test('settings can be tried before they are kept: bytes and first readings, and no fact of it', async () => {
  const { body } = await call<Trial>('POST', `${base}/test`, { entry: added(), seconds: 3 })
  const report = body.kind === 'report' ? body.report : null
  expect(body).toMatchObject({ kind: 'report' })
  expect(report?.verdict).toBe('spoke')
  expect(report?.frames.length).toBeGreaterThan(1)
  expect(report?.text).toContain('field-air')
  expect((await devices()).devices.map((d) => d.device)).not.toContain('field-air')
  expect(await query("select from sensor where name like 'field-air%'")).toEqual([])
})

test('a trial of what a running device uses is refused with the reason', async () => {
  const { devices: list } = await devices()
  const entry = list.find((d) => d.running?.driver === 'modbus-shelving')?.running
  const { body } = await call<Trial>('POST', `${base}/test`, { entry })
  expect(body).toMatchObject({ kind: 'refused' })
  expect(JSON.stringify(body)).toContain(`in use by ${entry?.id}`)
})

test('G6 D12: a device is added while everything runs: it speaks, no other connection is touched, the store is the same', async () => {
  await until(async () => (await devices()).devices.every((d) => d.health?.state === 'online'))
  const before = { row: await gatewayRow(), sockets: driverSockets() }
  const since = new Map((await devices()).devices.map((d) => [d.device, d.health?.since]))
  const made = await put(added())
  expect(made).toMatchObject({ status: 200, body: { version: 1 } })
  await until(async () => (await health('field-air'))?.state === 'online')
  await judged(1, 'applied')
  const after = driverSockets()
  expect([...after.keys()]).toEqual([...before.sockets.keys()])
  for (const [pid, sockets] of before.sockets)
    for (const s of sockets) expect(after.get(pid)).toContain(s)
  expect(await gatewayRow()).toEqual(before.row)
  for (const d of (await devices()).devices)
    if (d.device !== 'field-air') expect(d.health?.since).toBe(since.get(d.device))
  // What it measures is on the plan, where its entry says.
  expect(await query("select room, x_mm, y_mm from sensor where name = 'field-air-1'")).toEqual([
    { room: 'R1', x_mm: 4200, y_mm: 900 },
  ])
})

test('D12: a bad list is rejected whole with every error, and what ran goes on', async () => {
  const before = driverSockets()
  const clash = { ...added(), id: 'field-air-2', label: 'same sensors, same unit' }
  const made = await put(clash)
  expect(made).toMatchObject({ status: 200, body: { version: 2 } })
  await judged(2, 'rejected')
  const now = await devices()
  expect(now.config).toMatchObject({ reportedVersion: 1, drift: 'rejected' })
  expect(now.judged?.errors.length).toBeGreaterThan(1)
  expect(now.judged?.errors.join()).toContain('is used by field-air already')
  await quiet()
  const after = driverSockets()
  for (const [pid, sockets] of before) for (const s of sockets) expect(after.get(pid)).toContain(s)
})

test('rolling back is a new version with the old body, on record with who and why', async () => {
  const body = { base: 2, reason: 'back to what ran' }
  const made = await call<{ version: number }>('POST', `${base}/config/1/roll-back`, body)
  expect(made).toMatchObject({ status: 200, body: { version: 3 } })
  await judged(3, 'applied')
  // The verdict is a fact, what runs a report: either may come first.
  await until(async () => (await devices()).config.reportedVersion === 3)
  expect((await devices()).config.drift).toBeNull()
  await quiet()
  await stand.site.settled()
  const entries = await query<{ event: string }>(
    "select event from custody_entry where event like 'config.%' order by index",
  )
  expect(entries.map((e) => e.event)).toEqual(
    expect.arrayContaining(['config.wanted', 'config.applied', 'config.rejected']),
  )
})

test('S1: a fire contact does not vanish silently', async () => {
  const { devices: list, version } = await devices()
  const panel = list.find((d) => d.facets?.contacts?.some((c) => c.means === 'fire'))
  const removal = { base: version, reason: 'site test' }
  const answer = await call('POST', `${base}/devices/${panel?.device}/removal`, removal)
  expect(answer).toMatchObject({ status: 409, body: { code: 'contacts-unacknowledged' } })
})

test('a file of numberings is followed while the gateway runs, and a bad one is told with its code', async () => {
  const file = join(stand.dataDir, 'epc-profiles.yaml')
  const code = async () => {
    const answer = await fetch(`${stand.site.consoleUrl}/local/state`)
    const { epcProfiles } = (await answer.json()) as { epcProfiles: { code: string } | null }
    return epcProfiles?.code ?? null
  }
  expect(await code()).toBeNull()
  writeFileSync(file, 'name: no list')
  await until(async () => (await code()) === 'epc-profiles-invalid')
  writeFileSync(file, '[]')
  await until(async () => (await code()) === null)
  rmSync(file)
  await until(async () => (await code()) === 'epc-profiles-unreadable')
  writeFileSync(file, '[]')
  await until(async () => (await code()) === null)
})

test('识别 is answered by the gateway', async () => {
  const { body } = await call('POST', `${base}/devices/field-air/identify`)
  expect(body).toMatchObject({ kind: 'identify', answer: 'unsupported' })
})

test('G6: after a reboot without a server the gateway runs the applied list', async () => {
  const row = await gatewayRow()
  const served = await stand.site.holdDown('server')
  await stand.site.restart('gateway')
  await sensorBack()
  served[Symbol.dispose]()
  await stand.site.settled()
  await until(async () => (await gatewayRow())?.boot !== row?.boot)
  expect((await gatewayRow())?.epoch).toBe(row?.epoch)
  await until(async () => (await devices()).config.reportedVersion === 3)
})

test('D12: the old process is killed with the server away, a new one starts on the same store: nothing is lost', async () => {
  const row = await gatewayRow()
  const served = await stand.site.holdDown('server')
  const last = () => query<{ n: string }>('select max(seq) as n from inbox')
  const [before] = await last()
  await stand.site.kill('gateway')
  // What changes while nobody listens is on the disk of the new process too.
  await stand.device.kill(500)
  await sensorBack()
  served[Symbol.dispose]()
  await stand.site.settled()
  await until(async () => (await gatewayRow())?.boot !== row?.boot)
  expect((await gatewayRow())?.epoch).toBe(row?.epoch)
  const [after] = await last()
  expect(Number(after?.n)).toBeGreaterThan(Number(before?.n))
  // Seq is dense over all lanes: what is neither here nor in a gap was lost.
  const holes = await query<{ seq: string }>(
    `select s as seq from generate_series(1, (select max(seq)::bigint from inbox)) s
     where not exists (select from inbox where seq = s)
       and not exists (select from gap where s between first_seq and last_seq)`,
  )
  expect(holes).toEqual([])
})
