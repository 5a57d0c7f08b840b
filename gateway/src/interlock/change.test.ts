import { VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { Fire, fireKey } from './fire.ts'
import { InterlockMachine } from './machine.ts'
import { allClear, bankConfig, fires, wang } from './testing.ts'
import type { BankConfig, Effect } from './types.ts'

const other: BankConfig = { ...bankConfig, bank: 'B2', device: 'shelf-b2', columns: [4, 5, 6] }
const kinds = (m: InterlockMachine, bank: string) =>
  m
    .banks()
    .find((b) => b.bank === bank)
    ?.inhibitions.map((i) => i.kind) ?? []
const status = (motion: 'still' | 'moving') => ({
  observed: {
    ...{ bank: 'B1', mode: 'auto' as const, motion, openAisle: null, ventilating: false },
    ...{ columns: [], faults: [] },
  },
  inputs: allClear,
})
const request = (verb: 'release' | 'forbid', bank: string, id: string) => ({
  ...{
    id,
    origin: 'console' as const,
    bank,
    verb,
    aisle: null,
    requester: wang,
    approver: null,
  },
  ...{ reason: 'why', purpose: null, expectedRevision: null, nonceUntil: null },
  ...{ issuedAt: null, expiresAt: null },
})

function running(restored: Record<string, string> = {}) {
  const clock = new VirtualClock()
  const m = new InterlockMachine([bankConfig, other], fires, restored, clock)
  // The store answers at once.
  const run = (effects: Effect[]) => {
    for (const e of effects) {
      if (e.do !== 'store') continue
      for (const p of e.puts) restored[p.key] = p.value ?? ''
      if (e.token) run(m.stored(e.token))
    }
  }
  const see = (motion: 'still' | 'moving' = 'still') => {
    for (const f of fires) run(m.contactReported(f.id, 'clear'))
    for (const b of ['B1', 'B2']) run(m.bankReported(b, status(motion)))
  }
  see()
  for (const b of ['B1', 'B2']) run(m.request(request('release', b, `release-${b}`)))
  return { clock, m, run, see, restored }
}

test('S3 G6: a changed bank starts inhibited, one that was not touched goes on as it is', () => {
  const { m } = running()
  expect([kinds(m, 'B1'), kinds(m, 'B2')]).toEqual([[], []])
  m.apply([bankConfig, { ...other, columns: [4, 5, 6, 7] }], fires, new Set(['shelf-b2']))
  expect([kinds(m, 'B1'), kinds(m, 'B2')]).toEqual([[], ['boot']])
  // Another address of its controller is another controller.
  m.apply([bankConfig, other], fires, new Set(['shelf-b1', 'shelf-b2']))
  expect(kinds(m, 'B1')).toEqual(['boot'])
  expect(m.banks().find((b) => b.bank === 'B1')?.observed).toBe(null)
})

test('S3: a bank that is added starts inhibited; one that was removed is unknown', () => {
  const { m } = running()
  m.apply([bankConfig], fires, new Set(['shelf-b2']))
  expect(m.bank('B2')).toBe(null)
  m.apply([bankConfig, other], fires, new Set(['shelf-b2']))
  expect(kinds(m, 'B2')).toEqual(['boot'])
})

test('S8: a forbid outlives a change of its bank, and its removal', () => {
  const { m, run } = running()
  run(m.request(request('forbid', 'B2', 'forbid-1')))
  m.apply([bankConfig, { ...other, label: 'x' }], fires, new Set(['shelf-b2']))
  expect(kinds(m, 'B2')).toEqual(['boot', 'forbid'])
  m.apply([bankConfig], fires, new Set(['shelf-b2']))
  m.apply([bankConfig, other], fires, new Set(['shelf-b2']))
  expect(kinds(m, 'B2')).toContain('forbid')
})

test('a bank that moves, or of which something was asked, is busy', () => {
  const { m, see } = running()
  expect(m.busy('B1')).toBe(false)
  see('moving')
  expect(m.busy('B1')).toBe(true)
})

test('S1 S8: a contact that stays keeps state and latch; another meaning begins unknown; none at all is unknown', () => {
  const clock = new VirtualClock()
  const [panel, smoke] = fires as [(typeof fires)[0], (typeof fires)[0]]
  const fire = new Fire(fires, {}, clock)
  fire.report('fire-panel', 'clear')
  fire.report('smoke-1', 'active')
  fire.apply([panel, { ...smoke, label: 'new name', device: 'other' }])
  expect(fire.points().map((p) => [p.id, fire.stateOf(p), p.latchedSince !== null])).toEqual([
    ['fire-panel', 'clear', false],
    ['smoke-1', 'active', true],
  ])
  fire.apply([panel, { ...smoke, means: 'panelFault' }])
  expect(fire.points().map((p) => [p.id, fire.stateOf(p), p.latchedSince !== null])).toEqual([
    ['fire-panel', 'clear', false],
    ['smoke-1', 'unknown', true],
  ])
  expect(fire.input('R1').state).toBe('unknown')
  fire.apply([])
  expect(fire.input('R1').state).toBe('unknown')
})

test('S8: a contact that is added brings the latch that the store has for it', () => {
  const clock = new VirtualClock()
  const since = '2026-11-22T06:00:00.000Z'
  const fire = new Fire([], { [fireKey('smoke-1')]: JSON.stringify({ since }) }, clock)
  fire.apply(fires)
  expect(fire.latched('R1')?.id).toBe('smoke-1')
})
