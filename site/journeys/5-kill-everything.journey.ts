/**
 * Journey 5: `kill -9` of the gateway, then of the server, then of PostgreSQL, while 20,000 tag reads and readings
 * pass. Afterwards every event that the gateway made durable has its effect exactly once, and the page that was
 * open all the while has caught up by itself.
 */
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import type { ProcessName } from '../src/processes.ts'
import { until } from '../src/testing.ts'
import { brokenLinks, difference, notDense, same } from './exactly-once.ts'
import { journey, Stage, type Visitor } from './harness.ts'
import * as judged from './judge-effects.ts'
import { bodies, type Made, readOutbox } from './outbox-file.ts'
import { StoreFacts } from './store-facts.ts'

/** Tags of one part of the stream; three parts are more than 20,000. */
const partTags = 6_800
const perSecond = 600
/** So many records of a part are in the database when its victim dies: the stream is under way. */
const underWay = 1_000

interface Burst {
  firstEpc: string
  lastEpc: string
}
interface Sighting {
  epc: string
  departed?: true
}

const epcPlus = (epc: string, n: number) =>
  (BigInt(`0x${epc}`) + BigInt(n)).toString(16).toUpperCase()

/** How far the server has come; numbers are dense over all lanes. */
async function storedUpTo(facts: StoreFacts): Promise<number> {
  const [row] = await facts.rows<{ n: string }>(
    'select greatest(alarm, custody, reads, telemetry)::text as n from gateway_cursor',
  )
  return Number(row?.n ?? 0)
}

/** One part of the stream passes the desk, a few boxes pass the door; the victim dies in the middle of it. */
async function killWithin(stage: Stage, facts: StoreFacts, victim: ProcessName, firstEpc: string) {
  const { site } = stage
  const before = await storedUpTo(facts)
  const burst = { count: partTags, perSecond, firstEpc }
  const sent = await site.control.act<Burst>('/world/burst', { reader: 'desk-1', ...burst })
  const atDoor = { count: 8, perSecond: 4, firstEpc: epcPlus(firstEpc, 100) }
  await site.control.act('/world/burst', { reader: 'door-1', ...atDoor })
  await until(async () => (await storedUpTo(facts)) > before + underWay)
  // The fault is proved to hit a running stream: it flows now, and the process is another one afterwards.
  expect(await site.control.read('/world/idle?timeoutMs=0')).toEqual({ idle: false })
  const pid = site.pid(victim)
  await site.kill(victim)
  return { sent, isAnother: () => site.pid(victim) !== undefined && site.pid(victim) !== pid }
}

const streamEnds = (stage: Stage) =>
  until(async () => {
    const { idle } = await stage.site.control.read<{ idle: boolean }>('/world/idle?timeoutMs=60000')
    return idle
  })

/** Epochs of the live rooms as the page's socket heard them: another one means another server process. */
function epochsOf({ page }: Visitor): ReadonlySet<string> {
  const epochs = new Set<string>()
  page.on('websocket', (socket) =>
    socket.on('framereceived', ({ payload }) => {
      for (const [, epoch] of String(payload).matchAll(/"epoch":"([0-9a-f-]{36})"/g))
        if (epoch) epochs.add(epoch)
    }),
  )
  return epochs
}

/** The server is away until the page itself says so; a box that leaves meanwhile must be on it afterwards. */
async function serverAway(stage: Stage, watcher: Visitor, box: string) {
  const { page } = watcher
  const down = await stage.site.holdDown('server')
  await page.locator('[data-link=lost]').waitFor()
  await stage.site.control.act('/world/carry', { box, direction: 'out' })
  await watcher.picture('offline-zh-light')
  const fetchedAgain = page.waitForResponse((r) => r.url().includes('/api/alarms') && r.ok())
  down[Symbol.dispose]()
  await fetchedAgain
  await page.locator('[data-link=up]').waitFor()
  await page.locator('tr[data-kind=unlentAtDoor]').filter({ hasText: box }).waitFor()
}

/** What the page shows is what the server knows: every open alarm in its state, and no other. */
async function pageIsRight({ page }: Visitor, facts: StoreFacts) {
  const rows = () =>
    page
      .locator('tr[data-alarm]')
      .evaluateAll((list) =>
        list.map((r) => `${r.getAttribute('data-alarm')} ${r.getAttribute('data-state')}`),
      )
  await until(async () => {
    const open = await facts.rows<{ row: string }>(
      `select concat(alarm_id, ' ', state) as row from alarm where state <> 'closed'`,
    )
    const known = open.map((r) => r.row)
    const { lost, extra } = difference(known, await rows())
    return known.length > 0 && lost.length + extra.length === 0
  })
  await page.locator('[data-link=up]').waitFor()
}

const outboxOf = ({ site }: Stage) =>
  join(dirname(site.accountsFile), 'gateway', site.edge.gateway, 'outbox.db')

/** The records that the server has acknowledged or is about to: each lane up to its cursor. */
async function taken(made: Made, facts: StoreFacts): Promise<Made> {
  const [cursor, ...others] = await facts.rows<Record<string, string>>(
    `select epoch::text, alarm::text, custody::text, reads::text, telemetry::text
     from gateway_cursor`,
  )
  expect([cursor?.['epoch'], others]).toEqual([made.epoch, []])
  const records = made.records.filter((r) => r.seq <= BigInt(cursor?.[r.lane] ?? '0'))
  return { ...made, records }
}

/** Every effect of every record, once. */
async function judgeEffects(made: Made, gateway: string, facts: StoreFacts) {
  const differ = ({ made, there }: { made: string[]; there: string[] }) => difference(made, there)
  expect(differ(await judged.records(made, gateway, facts))).toEqual(same)
  expect(differ(await judged.readings(made, facts))).toEqual(same)
  expect(differ(await judged.evidence(made, facts))).toEqual(same)
  expect(differ(await judged.passages(made, facts))).toEqual(same)
  expect(differ(await judged.gaps(made, facts))).toEqual(same)
  const alarms = await judged.doorAlarms(made, facts)
  expect(alarms.made.length).toBeGreaterThan(0)
  expect(differ(alarms)).toEqual(same)
  expect(difference(alarms.made, alarms.inLedger)).toEqual(same)
  expect(await facts.rows('select code, detail from quarantine')).toEqual([])
}

/** Nothing is missing in the gateway's own numbering, and every gap says why: a reader that had no listener. */
function judgeNumbering(made: Made) {
  expect(made.quarantined).toBe(0)
  expect(
    notDense(
      made.records.map((r) => r.seq),
      made.next,
    ),
  ).toEqual(same)
  expect(brokenLinks(made.records)).toEqual([])
  const reasons = bodies<{ reason: string }>(made, 'lantai.gap.v1').map((g) => g.reason)
  expect(reasons.filter((r) => r !== 'observation-hole')).toEqual([])
}

/** From the antenna to the disk: with the gateway alive, each tag of a part came once, and none was left out. */
function judgeArrivals(made: Made, { firstEpc }: Burst) {
  const tags = Array.from({ length: partTags }, (_, i) => epcPlus(firstEpc, i))
  const ofPart = new Set(tags)
  const arrived = bodies<Sighting>(made, 'lantai.sighting.v1').filter((s) => !s.departed)
  const seen = arrived.map((s) => s.epc).filter((epc) => ofPart.has(epc))
  expect(difference(tags, seen)).toEqual(same)
}

test('5: the comparison finds one lost, one doubled and one changed event, and one number left out', () => {
  const made = ['a 1', 'a 2', 'a 2']
  expect(difference(made, ['a 2', 'a 1', 'a 2'])).toEqual(same)
  expect(difference(made, ['a 1', 'a 2'])).toEqual({ lost: ['a 2'], extra: [] })
  expect(difference(made, [...made, 'a 1'])).toEqual({ lost: [], extra: ['a 1'] })
  expect(difference(made, ['a 1', 'a 2', 'b 2'])).toEqual({ lost: ['a 2'], extra: ['b 2'] })
  expect(notDense([1n, 2n, 3n], 4n)).toEqual(same)
  expect(notDense([1n, 3n, 3n], 4n)).toEqual({ lost: ['2'], extra: ['3'] })
  const lane = 'reads'
  expect(
    brokenLinks([
      { seq: 1n, prev: 0n, lane },
      { seq: 4n, prev: 1n, lane },
    ]),
  ).toEqual([])
  expect(
    brokenLinks([
      { seq: 1n, prev: 0n, lane },
      { seq: 4n, prev: 3n, lane },
    ]),
  ).toHaveLength(1)
})

journey(
  '5: kill -9 of gateway, server and PostgreSQL while 20,000 events pass: each is there once',
  async () => {
    await using stage = await Stage.open()
    await using facts = new StoreFacts(stage.site)
    const { site } = stage
    const watcher = await stage.visitor()
    const epochs = epochsOf(watcher)
    await watcher.page.goto('/alarms')
    await watcher.signIn('archivist')
    await watcher.page.getByRole('heading', { name: '未结束的告警' }).waitFor()
    const opened = await watcher.sinceOpened()
    const [box] = await facts.boxesAtHome(1, 1)
    const [first] = await facts.rows<{ epc: string }>('select min(epc) as epc from box')
    const firstEpc = first?.epc ?? ''
    // The tags of the second and third part begin with those of our boxes, so that beliefs and the ledger move too.
    const gateway = await killWithin(stage, facts, 'gateway', epcPlus(firstEpc, 2 * partTags))
    await streamEnds(stage)
    const server = await killWithin(stage, facts, 'server', firstEpc)
    await serverAway(stage, watcher, box?.code ?? '')
    await streamEnds(stage)
    const postgres = await killWithin(stage, facts, 'postgres', epcPlus(firstEpc, partTags))
    await streamEnds(stage)
    await site.settled()
    expect([gateway, server, postgres].map((k) => k.isAnother())).toEqual([true, true, true])

    await pageIsRight(watcher, facts)
    expect(await watcher.sinceOpened()).toBe(opened)
    expect(epochs.size).toBeGreaterThan(1)
    await watcher.picture('caught-up-zh-light')

    const down = await site.holdDown('gateway')
    const made = readOutbox(outboxOf(stage))
    judgeNumbering(made)
    judgeArrivals(made, server.sent)
    judgeArrivals(made, postgres.sent)
    const stored = await taken(made, facts)
    await judgeEffects(stored, site.edge.gateway, facts)
    const reads = stored.records.filter((r) => r.type === 'lantai.sighting.v1').length
    const readings = (await judged.readings(stored, facts)).there.length
    expect(reads + readings).toBeGreaterThanOrEqual(20_000)

    // What was durable and not yet acknowledged comes after the gateway is back, under its old numbers.
    down[Symbol.dispose]()
    await site.settled()
    const all = await judged.records(made, site.edge.gateway, facts)
    const before = all.there.filter((line) => BigInt(line.split(' ')[2] ?? '') < made.next)
    expect(difference(all.made, before)).toEqual(same)
  },
)
