import type { BankReport, BankView, CommandView } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { obstacles, pictureOf } from './bank-state.ts'
import { courseOf, ghostAisle } from './command-stage.ts'

const observed: NonNullable<BankReport['observed']> = {
  bank: 'B1',
  mode: 'auto',
  motion: 'still',
  openAisle: 11,
  ventilating: false,
  columns: [],
  faults: [],
  revision: 4,
}
const report: BankReport = {
  bank: 'B1',
  ageMs: 200,
  observed,
  interlocks: [
    { input: 'obstacle', state: 'clear', ageMs: 300 },
    { input: 'door', state: 'notProvided', ageMs: null },
  ],
  inhibitions: [],
  permit: true,
}
const view = (change: Partial<BankReport> = {}, more: Partial<BankView> = {}): BankView => ({
  bank: 'B1',
  label: '甲组',
  gateway: 'gw-01',
  gatewayOnline: true,
  heardAgoMs: 100,
  report: { ...report, ...change },
  command: null,
  ...more,
})
const command = (change: Partial<CommandView>): CommandView => ({
  command: '00000000-0000-4000-8000-000000000001',
  bank: 'B1',
  verb: 'open',
  aisle: 11,
  state: 'requested',
  reason: null,
  by: '王工',
  at: '2026-11-22T06:00:00.000Z',
  updatedAt: '2026-11-22T06:00:00.000Z',
  awaitsApproval: false,
  ...change,
})

describe('S6: what is drawn of a bank is what was reported, while it is fresh', () => {
  it('adds up the ages of gateway, server and page', () => {
    const p = pictureOf(view(), 500)
    expect(p.ageMs).toBe(800)
    expect(p.interlocks[0]).toEqual({
      input: 'obstacle',
      state: 'clear',
      ageMs: 900,
      refuses: false,
    })
    expect(p.drawing).toBe('open')
  })

  it('turns unknown with age, without a gateway, and without a report', () => {
    expect(pictureOf(view(), 6000).drawing).toBe('unknown')
    expect(pictureOf(view({}, { gatewayOnline: false }), 0).drawing).toBe('unknown')
    expect(pictureOf(view({}, { report: null }), 0)).toMatchObject({
      drawing: 'unknown',
      ageMs: null,
    })
    expect(pictureOf(view({ observed: null }), 0).drawing).toBe('unknown')
    expect(pictureOf(view({ observed: { ...observed, motion: 'unknown' } }), 0).drawing).toBe(
      'unknown',
    )
  })

  it('says fault, moving, ventilating, inhibited, locked, closed', () => {
    const of = (o: Partial<typeof observed>, change: Partial<BankReport> = {}) =>
      pictureOf(view({ observed: { ...observed, ...o }, ...change }), 0).drawing
    expect(of({ faults: ['drive'] })).toBe('fault')
    expect(of({ motion: 'moving' })).toBe('moving')
    expect(of({ ventilating: true })).toBe('ventilating')
    const inhibitions: BankReport['inhibitions'] = [
      { kind: 'boot', since: '', by: null, reason: null },
    ]
    expect(of({}, { inhibitions })).toBe('inhibited')
    expect(of({}, { interlocks: [{ input: 'eStop', state: 'active', ageMs: 0 }] })).toBe('locked')
    expect(of({ openAisle: null })).toBe('closed')
  })
})

describe('S1: an interlock that is active, unknown or old refuses', () => {
  const refusing = (state: 'active' | 'clear' | 'unknown', ageMs: number | null, since = 0) =>
    pictureOf(view({ interlocks: [{ input: 'obstacle', state, ageMs }] }), since).refusing.map(
      (r) => r.state,
    )
  it('refuses each of them, and names it', () => {
    expect(refusing('active', 0)).toEqual(['active'])
    expect(refusing('unknown', null)).toEqual(['unknown'])
    expect(refusing('clear', 0)).toEqual([])
    expect(refusing('clear', 0, 2000)).toEqual(['old'])
    expect(refusing('clear', null)).toEqual(['old'])
  })
  it('lets pass what was accepted as not provided', () => {
    expect(pictureOf(view(), 0).interlocks.find((i) => i.input === 'door')?.refuses).toBe(false)
  })
  it('lists inhibitions before inputs', () => {
    const p = pictureOf(
      view({
        inhibitions: [{ kind: 'forbid', since: '', by: '李', reason: '检修' }],
        interlocks: [{ input: 'obstacle', state: 'active', ageMs: 0 }],
      }),
      0,
    )
    expect(obstacles(p).map((o) => o.key)).toEqual(['forbid', 'obstacle.active'])
  })
  it('says a fire once, and an unknown fire panel beside its latch', () => {
    const inhibitions = [{ kind: 'fire' as const, since: '', by: null, reason: null }]
    const fire = (state: 'active' | 'unknown') =>
      obstacles(
        pictureOf(view({ inhibitions, interlocks: [{ input: 'fire', state, ageMs: 0 }] }), 0),
      ).map((o) => o.key)
    expect(fire('active')).toEqual(['fire'])
    expect(fire('unknown')).toEqual(['fire', 'fire.unknown'])
  })
})

describe('S6: the course of a request', () => {
  it('is in place only when the controller reports it', () => {
    expect(courseOf(command({ state: 'accepted' }), observed)).toEqual({
      kind: 'underWay',
      step: 'accepted',
    })
    expect(courseOf(command({ state: 'done' }), observed).kind).toBe('inPlace')
    expect(courseOf(command({ state: 'done' }), { ...observed, openAisle: 3 }).kind).toBe(
      'awaitingReport',
    )
    expect(courseOf(command({ state: 'done' }), null).kind).toBe('awaitingReport')
  })
  it('keeps the reason of a refusal, and leaves unknown unknown', () => {
    expect(courseOf(command({ state: 'refused', reason: 'obstacle' }), observed)).toEqual({
      kind: 'refused',
      reason: 'obstacle',
    })
    expect(courseOf(command({ state: 'unknown' }), observed)).toEqual({ kind: 'unknown' })
    expect(courseOf(command({ state: 'expired' }), null).kind).toBe('expired')
  })
  it('draws a ghost only while the request is open and not yet reported', () => {
    expect(ghostAisle(command({ aisle: 5, state: 'running' }), observed)).toBe(5)
    expect(ghostAisle(command({ aisle: 11, state: 'running' }), observed)).toBeNull()
    expect(ghostAisle(command({ aisle: 5, state: 'refused' }), observed)).toBeNull()
    expect(ghostAisle(null, observed)).toBeNull()
  })
})
