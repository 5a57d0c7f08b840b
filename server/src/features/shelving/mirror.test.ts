import type { BankReport } from '@lantai/contracts'
import { VirtualClock } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { BankMirror, type Clash } from './mirror.ts'

const boot = '7d0c0000-0000-4000-8000-000000000000'
const report = (bank: string, revision: number, ageMs = 10): BankReport => ({
  bank,
  ageMs,
  observed: {
    bank,
    mode: 'auto',
    motion: 'still',
    openAisle: null,
    ventilating: null,
    columns: [],
    faults: [],
    revision,
  },
  interlocks: [],
  inhibitions: [],
  permit: true,
})

function mirror() {
  const clock = new VirtualClock()
  const pushed: string[][] = []
  const m = new BankMirror(clock, (banks) => pushed.push([...banks]))
  return { clock, pushed, m }
}

describe('mirror of the banks', () => {
  it('tells all banks once a second and changed ones at once', () => {
    const { clock, pushed, m } = mirror()
    m.take('gw-01', { boot, banks: [report('B1', 1), report('B2', 1)] })
    clock.advance(300)
    m.take('gw-01', { boot, banks: [report('B1', 2), report('B2', 1, 40)] })
    clock.advance(300)
    m.take('gw-01', { boot, banks: [report('B1', 2), report('B2', 1)] })
    clock.advance(500)
    m.take('gw-01', { boot, banks: [report('B1', 2), report('B2', 1)] })
    expect(pushed).toEqual([['B1', 'B2'], ['B1'], ['B1', 'B2']])
  })
  it('never tells more often than five times a second, and loses no change', () => {
    const { clock, pushed, m } = mirror()
    for (let i = 0; i < 100; i++) {
      m.take('gw-01', { boot, banks: [report('B1', i)] })
      clock.advance(10)
    }
    clock.advance(200)
    expect(pushed.length).toBeLessThanOrEqual(6)
    expect(m.heard('B1')?.report.observed?.revision).toBe(99)
  })
  it('S9 believes one gateway a bank: another is heard only when the first has fallen silent', () => {
    const clashes: Clash[] = []
    const clock = new VirtualClock()
    const m = new BankMirror(
      clock,
      () => undefined,
      (c) => clashes.push(c),
    )
    m.take('gw-01', { boot, banks: [report('B1', 1)] })
    m.take('gw-02', { boot, banks: [report('B1', 9), report('B2', 1)] })
    m.take('gw-02', { boot, banks: [report('B1', 10), report('B2', 1)] })
    expect(m.heard('B1')).toMatchObject({ gateway: 'gw-01', report: { observed: { revision: 1 } } })
    expect(m.heard('B2')).toMatchObject({ gateway: 'gw-02' })
    expect(clashes).toEqual([{ bank: 'B1', owner: 'gw-01', other: 'gw-02' }])
    clock.advance(5_501)
    m.take('gw-02', { boot, banks: [report('B1', 11)] })
    expect(m.heard('B1')).toMatchObject({ gateway: 'gw-02' })
  })
  it('lets the age grow and tells once more when the gateway falls silent (S2)', () => {
    const { clock, pushed, m } = mirror()
    m.take('gw-01', { boot, banks: [report('B1', 1)] })
    clock.advance(5_400)
    expect(pushed).toHaveLength(1)
    clock.advance(200)
    expect(pushed).toHaveLength(2)
    expect(m.heard('B1')?.agoMs).toBe(5_600)
  })
})
