import { randomUUID } from 'node:crypto'
import { api } from '@lantai/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  boxCode,
  type Caller,
  cardCode,
  type SampleStore,
  sampleStore,
} from '../../import/testing.ts'
import { raiseServerCondition } from '../alarms/alarms.ts'

let store: SampleStore
let desk: Caller
beforeAll(async () => {
  store = await sampleStore('overview')
  desk = await store.as(['desk'])
})
afterAll(async () => await store?.[Symbol.asyncDispose]())

const overview = async () => (await desk(api.overview.getOverview)).body

describe('overview', () => {
  it('counts from rows, and shows what was not measured as not measured', async () => {
    expect(await overview()).toMatchObject({
      siteLabel: '测试库',
      rooms: [{ room: 'R1', boxes: 6, lent: 1, temperature: null, humidity: null }],
      issuedToday: 0,
      returnedToday: 0,
      overdue: 1,
      openAlarms: 0,
      todo: [{ kind: 'overdue', count: 1, open: '/desk' }],
    })
  })

  it('counts the day of the site, and an issue that was taken back is none', async () => {
    const issue = async (code: string) => {
      const body = { card: cardCode(1), codes: [code], due: '2026-11-22', requestId: randomUUID() }
      return (await desk(api.lending.issueBoxes, { body })).body.loans[0]?.loan ?? ''
    }
    await issue(boxCode(1))
    const wrong = await issue(boxCode(2))
    await desk(api.lending.undoLending, { params: { loan: wrong } })
    await desk(api.lending.returnBox, { body: { code: boxCode(7), requestId: randomUUID() } })
    expect(await overview()).toMatchObject({ issuedToday: 1, returnedToday: 1, overdue: 0 })
    expect((await overview()).todo).toMatchObject([{ kind: 'dueToday', count: 1 }])
    // Midnight of the site, 16:00 UTC.
    store.t.clock.advance(10 * 3_600_000)
    const next = await store.as(['desk'])
    const tomorrow = (await next(api.overview.getOverview)).body
    expect(tomorrow).toMatchObject({ issuedToday: 0, returnedToday: 0, overdue: 1 })
  })

  it('puts alarms that nobody has seen first', async () => {
    await store.t.ctx.write((work) =>
      raiseServerCondition(work, {
        key: 'k',
        kind: 'smoke',
        priority: 1,
        active: true,
        where: { room: 'R1', bank: null, device: 'smoke-1', box: null, label: null },
      }),
    )
    const now = await (await store.as(['desk']))(api.overview.getOverview)
    expect(now.body.openAlarms).toBe(1)
    expect(now.body.todo[0]).toMatchObject({ kind: 'alarm', count: 1, open: '/alarms' })
  })
})
