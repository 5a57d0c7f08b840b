/** A reader that counts in rounds, from its air to the page of its health: what is called complete, and what is not. */
import { join } from 'node:path'
import type { api, DeviceEntry, ResponseOf } from '@lantai/contracts'
import { DeviceHost, type StandaloneAddress } from '@lantai/firmware-sim'
import { pino } from 'pino'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { choosePort } from '../postgres/ports.ts'
import { sharedEngineDir } from '../postgres/scratch.ts'
import { Site } from '../site.ts'
import { systemClock } from '../system-clock.ts'
import { tempDir, until } from '../testing.ts'
import { standaloneNamed } from './rig.ts'

type Devices = ResponseOf<typeof api.devices.listDevices>

const dir = tempDir()
const model = standaloneNamed('llrp-zebra')
const base = '/api/gateways/gw-01'
let site: Site
let cookie = ''
let device: DeviceHost
let at: StandaloneAddress | undefined

async function call<T>(method: 'GET' | 'POST', path: string, body?: unknown) {
  const json = body === undefined ? {} : { 'content-type': 'application/json' }
  const answer = await fetch(site.url + path, {
    method,
    headers: { cookie, origin: site.url, ...json },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const [set] = answer.headers.getSetCookie()
  if (set) cookie = set.split(';')[0] ?? ''
  return { status: answer.status, body: (await answer.json()) as T }
}
const devices = async () => (await call<Devices>('GET', `${base}/devices`)).body
const health = async () =>
  (await devices()).devices.find((d) => d.device === 'count-1')?.health ?? null

/** The reader as it counts from now on; resolves when its gateway runs it so. */
async function count(rounds: object) {
  const entry = {
    ...model.entry(at as StandaloneAddress),
    ...{ id: 'count-1', label: '盘点读写器', rounds },
  } as unknown as DeviceEntry
  const { version } = await devices()
  const made = await call<{ version: number }>('POST', `${base}/devices/count-1`, {
    ...{ base: version, entry, reason: 'site test' },
  })
  expect(made.status).toBe(200)
  await until(async () => (await devices()).config.reportedVersion === made.body.version)
  await until(async () => (await health())?.state === 'online')
}

beforeAll(async () => {
  site = new Site({
    dataDir: join(dir.path, 'data'),
    engineDir: sharedEngineDir(),
    port: await choosePort(),
    simulator: { SIM_TODAY: '2026-11-22' },
  })
  await site.start()
  await site.settled()
  const officer = site.accounts.find((a) => a.roles.includes('systemOfficer'))
  const { account, password } = officer ?? {}
  expect((await call('POST', '/api/session', { account, password })).status).toBe(200)
  const ready = Promise.withResolvers<StandaloneAddress>()
  device = new DeviceHost({
    id: 'count-1',
    clock: systemClock,
    log: pino({ level: 'silent' }),
    spec: () =>
      model.spec({ port: at?.port ?? 0, path: '', seed: 'rounds', trust: [], allowNone: false }),
    onReady: ({ port = 0 }) => ready.resolve({ host: '127.0.0.1', port, path: '' }),
    onState: () => undefined,
    onDown: () => undefined,
  })
  await device.start()
  for (const message of model.first) await device.send(message)
  at = await ready.promise
})
afterAll(async () => {
  await device?.stop()
  await site?.stop()
  dir[Symbol.dispose]()
})

test('a round that was heard whole stands in the health of its reader, with all its tags', async () => {
  await count({ everySeconds: 1, quietMs: 200, longestMs: 800 })
  await until(async () => ((await health())?.rounds?.complete ?? 0) >= 3)
  const rounds = (await health())?.rounds
  expect(rounds).toMatchObject({ incompleteNow: null, lastComplete: { tags: 4, antennas: [1] } })
})

test('one in which reads and the link are lost stands beside it with its reasons, and is not taken for complete', async () => {
  await count({ everySeconds: 3600, quietMs: 60_000, longestMs: 3_600_000 })
  const before = (await health())?.rounds?.lastComplete
  await device.send({ type: 'fault', fault: { kind: 'overflow' } })
  await until(async () => ((await health())?.blind?.last.reason ?? '') === 'reader-overflow')
  await device.kill(500)
  await until(async () => (await health())?.rounds?.incompleteNow !== null)
  expect((await health())?.rounds).toMatchObject({
    lastComplete: before,
    incompleteNow: { troubles: expect.arrayContaining(['overflow', 'link-lost']) },
  })
})
