import type { BankReport, Command, CommandState } from '@lantai/contracts'
import { api } from '@lantai/contracts'
import type { Static } from 'typebox'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Caller, type SampleStore, sampleStore } from '../../import/testing.ts'
import type { Effect } from '../../ingest/effect.ts'
import { applyCommands, judgeSilence, onBankReports, onCommandTransition } from './shelving.ts'

let store: SampleStore
let runner: Caller
let archivist: Caller
beforeAll(async () => {
  store = await sampleStore('shelving')
  runner = await store.as(['runner'])
  archivist = await store.as(['archivist'])
})
afterAll(async () => await store?.[Symbol.asyncDispose]())

const boot = '7d0c6f0e-6b7e-4a52-9f5e-0c1d2e3f4a5b'
const report = (o: Partial<BankReport> = {}): BankReport => ({
  bank: 'B1',
  ageMs: 80,
  observed: {
    bank: 'B1',
    mode: 'auto',
    motion: 'still',
    openAisle: null,
    ventilating: false,
    columns: [],
    faults: [],
    revision: 7,
  },
  interlocks: [],
  inhibitions: [],
  permit: true,
  ...o,
})
const tick = (nonce = 'n-1') =>
  store.t.ctx.links.take('gw-01', {
    boot,
    nonce,
    backlog: { alarm: 0, custody: 0, reads: 0, telemetry: 0 },
    oldestUnsentMs: null,
    fire: 'normal',
    fireLatched: false,
  })
const hear = (o: Partial<BankReport> = {}) => {
  tick()
  onBankReports(store.t.ctx, 'gw-01', { boot, banks: [report(o)] })
}
beforeEach(() => hear())

const { shelving } = api
const open = (who: Caller, more: object = {}) =>
  who(shelving.requestMotion, {
    params: { bank: 'B1' },
    body: { verb: 'open', aisle: 1, seenRevision: 7, confirmedOnSite: true, ...more },
  })
const sentCommands = () =>
  store.t.sent
    .filter((m) => m.topic.includes('/cmd/'))
    .map((m) => JSON.parse((m.body as { body: string }).body) as Command)
const transition = (
  command: string,
  state: Static<typeof CommandState>,
  reason: string | null = null,
) => ({
  command,
  bank: 'B1',
  verb: 'open' as const,
  aisle: 1,
  state,
  reason,
  by: '测试',
  origin: 'server' as const,
})
const stateOf = async (command: string) =>
  (await runner(shelving.getCommand, { params: { command } })).body.state
const fact = (...bodies: ReturnType<typeof transition>[]) =>
  store.t.ctx.write((work) => {
    const items = bodies.map((body, i) => ({
      seq: String(i),
      at: work.now,
      clock: 'synced' as const,
      body,
    }))
    return applyCommands({
      ...work,
      gateway: 'gw-01',
      epoch: '',
      items,
    } as Effect<'lantai.command.v1'>)
  })
const entries = async (command: string) =>
  (
    await store.t.ctx.db
      .selectFrom('custody_entry')
      .select(['detail', 'outcome', 'leaf'])
      .where('site_id', '=', 'shelving')
      .where('event', '=', 'bank.command')
      .execute()
  ).filter((e) => String(e.leaf).includes(command))

describe('a request for motion', () => {
  it('is stored, then sent with nonce, expiry and the state that was seen, and answers only that it was asked (S4, S5)', async () => {
    const { body } = await open(runner)
    expect(body).toMatchObject({ state: 'requested', bank: 'B1', verb: 'open', aisle: 1 })
    const command = sentCommands().find((c) => c.id === body.command)
    expect(command).toMatchObject({ nonce: 'n-1', expectedRevision: 7, approver: null })
    expect(
      Date.parse(command?.expiresAt ?? '') - Date.parse(command?.issuedAt ?? ''),
    ).toBeLessThanOrEqual(5_000)
  })

  it('goes on by what the gateway says, forward only, and each end is one entry (S6)', async () => {
    const id = (await open(runner)).body.command
    await onCommandTransition(store.t.ctx, 'gw-01', transition(id, 'accepted'))
    await onCommandTransition(store.t.ctx, 'gw-01', transition(id, 'done'))
    expect(await entries(id)).toEqual([])
    await fact(
      transition(id, 'accepted'),
      transition(id, 'running'),
      transition(id, 'done', 'aisle 1 in place'),
    )
    expect(await stateOf(id)).toBe('done')
    expect(await entries(id)).toMatchObject([
      { outcome: 'success', detail: 'B1 open 1: done (aisle 1 in place)' },
    ])
  })

  it('is not believed of another gateway', async () => {
    const id = (await open(runner)).body.command
    await onCommandTransition(store.t.ctx, 'gw-02', transition(id, 'done'))
    expect(await stateOf(id)).toBe('requested')
  })

  it.each([
    ['state-changed', {}, { seenRevision: 6 }],
    ['aisle-unknown', {}, { aisle: 3 }],
    ['aisle-unknown', {}, { aisle: null }],
    [
      'interlock',
      { permit: false, interlocks: [{ input: 'obstacle', state: 'active', ageMs: 10 }] },
      {},
    ],
    [
      'inhibited',
      { permit: false, inhibitions: [{ kind: 'boot', since: '', by: null, reason: null }] },
      {},
    ],
  ] as const)('is refused early: %s', async (code, reported, asked) => {
    hear(reported as Partial<BankReport>)
    const before = sentCommands().length
    expect((await open(runner, asked)).code).toBe(code)
    expect(sentCommands()).toHaveLength(before)
  })

  it('is refused when the gateway is silent, and expires when it falls silent afterwards (S2, S5)', async () => {
    const id = (await open(runner)).body.command
    store.t.clock.advance(6_000)
    await judgeSilence(store.t.ctx)
    expect(await stateOf(id)).toBe('requested')
    store.t.clock.advance(1_500)
    await judgeSilence(store.t.ctx)
    expect(await stateOf(id)).toBe('expired')
    expect(await entries(id)).toMatchObject([{ outcome: 'observed' }])
    expect((await open(runner)).code).toBe('gateway-offline')
    await fact(transition(id, 'done'))
    expect(await stateOf(id)).toBe('done')
  })

  it('is unknown when the link is lost on the way, never done (S6)', async () => {
    const id = (await open(runner)).body.command
    await onCommandTransition(store.t.ctx, 'gw-01', transition(id, 'running'))
    store.t.clock.advance(6_000)
    await judgeSilence(store.t.ctx)
    expect(await stateOf(id)).toBe('unknown')
  })
})

describe('stop, forbid, clear (S7)', () => {
  it('every signed-in person may ask for a stop, again and again, whatever stands', async () => {
    hear({ permit: false, inhibitions: [{ kind: 'fire', since: '', by: null, reason: null }] })
    const auditor = await store.as(['auditOfficer'])
    for (const _ of [1, 2])
      expect((await auditor(shelving.requestStop, { params: { bank: 'B1' } })).body.state).toBe(
        'requested',
      )
    expect(sentCommands().filter((c) => c.verb === 'stop')).toHaveLength(2)
    expect((await auditor(shelving.requestStop, { params: { bank: 'B9' } })).code).toBe(
      'bank-unknown',
    )
  })

  it('a column is locked by archivist or facilities, with the column where motion has its aisle', async () => {
    const ask = (who: Caller, column: number) =>
      who(shelving.lockColumn, {
        params: { bank: 'B1' },
        body: { verb: 'lock', column, reason: '检修' },
      })
    expect((await ask(archivist, 1)).body).toMatchObject({ verb: 'lock', aisle: 1 })
    expect(sentCommands().at(-1)).toMatchObject({ verb: 'lock', aisle: 1, reason: '检修' })
    expect((await ask(archivist, 999)).code).toBe('aisle-unknown')
    expect((await ask(runner, 1)).code).toBe('forbidden')
  })

  it('clearing a forbid waits for a second person, and is sent only then', async () => {
    const asked = await archivist(shelving.clearForbid, {
      params: { bank: 'B1' },
      body: { reason: '检修结束' },
    })
    const command = asked.body.command
    expect(asked.body).toMatchObject({ state: 'requested', awaitsApproval: true })
    const sent = () => sentCommands().filter((c) => c.id === command)
    expect(sent()).toHaveLength(0)
    const approve = (who: Caller) => who(shelving.approveCommand, { params: { command } })
    expect((await approve(archivist)).code).toBe('second-person-needed')
    const second = await store.as(['facilities'])
    expect((await approve(second)).body).toMatchObject({ awaitsApproval: false })
    expect(sent()).toMatchObject([
      { verb: 'clearForbid', reason: '检修结束', approver: { name: '测试 facilities' } },
    ])
    expect((await approve(second)).code).toBe('conflict')
  })

  it('what nobody approved in time is never sent', async () => {
    const asked = await archivist(shelving.clearForbid, {
      params: { bank: 'B1' },
      body: { reason: '检修结束' },
    })
    store.t.clock.advance(10 * 60_000 + 1)
    hear()
    const second = await store.as(['facilities'])
    const answer = await second(shelving.approveCommand, {
      params: { command: asked.body.command },
    })
    expect(answer.code).toBe('command-expired')
    await judgeSilence(store.t.ctx)
    expect(await stateOf(asked.body.command)).toBe('expired')
  })
})

describe('banks as last heard of', () => {
  it('shows every bank of the layout, also one that never reported', async () => {
    store.t.clock.advance(1_200)
    const { banks } = (await runner(shelving.listBanks)).body
    expect(banks.map((b) => [b.bank, b.gatewayOnline, b.heardAgoMs])).toEqual([
      ['B1', true, 1_200],
      ['B2', false, null],
    ])
  })

  it('keeps a command that somebody gave at the console or by hand (S10)', async () => {
    const id = '11111111-1111-4111-8111-111111111111'
    await fact({ ...transition(id, 'done', 'moved by hand'), origin: 'manual' as never })
    expect(await stateOf(id)).toBe('done')
    expect(await entries(id)).toHaveLength(1)
  })
})
