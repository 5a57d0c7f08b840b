import type { FactBody } from '@lantai/contracts'
import { api } from '@lantai/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { boxCode, type Caller, type SampleStore, sampleStore } from '../../import/testing.ts'
import type { Effect } from '../../ingest/effect.ts'
import { alarmNumbers, applyConditions, fireOnRecord, raiseServerCondition } from './alarms.ts'

let store: SampleStore
let runner: Caller
beforeAll(async () => {
  store = await sampleStore('alarms')
  runner = await store.as(['runner'])
})
afterAll(async () => await store?.[Symbol.asyncDispose]())

type Condition = FactBody<'lantai.condition.v1'>
const nowhere = { room: null, bank: null, device: null, box: null, label: null }
const condition = (o: Partial<Condition>): Condition => ({
  key: 'humidityHigh/th-1',
  kind: 'humidityHigh',
  priority: 2,
  active: true,
  latched: false,
  value: 66,
  limit: 60,
  unit: '%',
  where: { ...nowhere, device: 'th-1' },
  ...o,
})
const say = (...bodies: Condition[]) =>
  store.t.ctx.write((work) => {
    const items = bodies.map((body, i) => ({
      seq: String(i),
      at: work.now,
      clock: 'synced' as const,
      body,
    }))
    const effect: Effect<'lantai.condition.v1'> = { ...work, gateway: 'gw-01', epoch: '', items }
    return applyConditions(effect)
  })
const open = async () => (await runner(api.alarms.listAlarms)).body.alarms
const find = async (key: string) => (await open()).find((a) => a.where.device === key)
const ack = (alarm: string, comment?: string) =>
  runner(api.alarms.acknowledgeAlarm, { params: { alarm }, body: comment ? { comment } : {} })

describe('alarms', () => {
  it('comes, is acknowledged with name and comment, and goes when the air is good again', async () => {
    await say(condition({}))
    const [alarm] = await open()
    expect(alarm).toMatchObject({ state: 'unacknowledged', value: 66, limit: 60, version: 1 })
    const seen = await ack(alarm?.id ?? '', '已开除湿机')
    expect(seen.body).toMatchObject({
      state: 'acknowledged',
      ack: { by: '测试 runner', comment: '已开除湿机' },
    })
    expect((await ack(alarm?.id ?? '')).code).toBe('already-acknowledged')
    await say(condition({ active: false, value: 52 }))
    expect(await open()).toEqual([])
    expect((await ack(alarm?.id ?? '')).code).toBe('alarm-closed')
    const history = (await runner(api.alarms.listAlarms, { query: { show: 'history' } })).body
    expect(history.alarms[0]).toMatchObject({ state: 'closed', value: 52 })
    expect(history.lastClosedAt).not.toBeNull()
  })

  it('is one open alarm for each condition, however often it is said', async () => {
    await say(condition({}), condition({ value: 67 }), condition({ value: 68 }))
    expect(await open()).toMatchObject([{ value: 68, version: 3 }])
    await Promise.all(
      [1, 2, 3, 4].map(() =>
        store.t.ctx.write((work) =>
          raiseServerCondition(work, {
            key: 'gateway-offline/gw-01',
            kind: 'gatewayOffline',
            priority: 2,
            active: true,
            where: { ...nowhere, device: 'gw-01' },
          }),
        ),
      ),
    )
    expect((await open()).filter((a) => a.kind === 'gatewayOffline')).toHaveLength(1)
  })

  it('keeps fire latched until a named person reset it on site (S8)', async () => {
    const fire = (o: Partial<Condition>) =>
      say(
        condition({
          key: 'fire',
          kind: 'fire',
          priority: 1,
          latched: true,
          where: { ...nowhere, device: 'fire' },
          ...o,
        }),
      )
    await fire({})
    expect(await alarmNumbers(store.t.ctx.db, 'alarms')).toMatchObject({
      openAlarms: 3,
      worst: { kind: 'fire' },
    })
    expect(await fireOnRecord(store.t.ctx.db, 'alarms')).toBe('alarm')
    await ack((await find('fire'))?.id ?? '')
    await fire({ active: false, latched: false })
    expect(await find('fire')).toMatchObject({ state: 'latched', active: false })
    expect(await fireOnRecord(store.t.ctx.db, 'alarms')).toBe('latched')
    await fire({ active: false, latched: false, resetBy: '王强', resetReason: '已检查' })
    expect(await find('fire')).toBeUndefined()
    expect(await fireOnRecord(store.t.ctx.db, 'alarms')).toBeNull()
  })

  it('puts the alarm of a box into its passport', async () => {
    await store.t.ctx.write((work) =>
      raiseServerCondition(work, {
        key: `unlent-at-door/${boxCode(1)}`,
        kind: 'unlentAtDoor',
        priority: 1,
        active: true,
        where: { ...nowhere, device: 'door-1', box: boxCode(1), label: '安全门' },
      }),
    )
    const entries = await store.t.ctx.db
      .selectFrom('custody_entry')
      .select(['event', 'outcome', 'detail'])
      .where('site_id', '=', 'alarms')
      .where('box', '=', boxCode(1))
      .execute()
    expect(entries).toEqual([
      { event: 'box.alarm', outcome: 'observed', detail: 'unlentAtDoor: 安全门' },
    ])
  })

  it('orders the list: unacknowledged, then priority', async () => {
    const quiet = await find('gw-01')
    await ack(quiet?.id ?? '')
    const list = await open()
    expect(list.map((a) => [a.kind, a.ack !== null])).toEqual([
      ['unlentAtDoor', false],
      ['humidityHigh', false],
      ['gatewayOffline', true],
    ])
  })

  it('tells open pages after the commit, and nobody of what was rolled back (D17)', async () => {
    const before = store.t.published.length
    await expect(
      store.t.ctx.write(async (work) => {
        await raiseServerCondition(work, {
          key: 'x',
          kind: 'clockSuspect',
          priority: 3,
          active: true,
          where: nowhere,
        })
        throw new Error('undone')
      }),
    ).rejects.toThrow('undone')
    expect(store.t.published).toHaveLength(before)
    expect((await open()).some((a) => a.kind === 'clockSuspect')).toBe(false)
  })
})
