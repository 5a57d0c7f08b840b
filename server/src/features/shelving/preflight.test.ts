import type { BankReport, interlockInputs } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { refusalOf } from './preflight.ts'

const report = (o: Partial<BankReport> = {}): BankReport => ({
  bank: 'B1',
  ageMs: 100,
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
const input = (
  name: (typeof interlockInputs)[number],
  state: 'active' | 'clear' | 'unknown' | 'notProvided',
  ageMs: number | null = 100,
) => ({ input: name, state, ageMs })
const ask = (o: Partial<BankReport> = {}, agoMs = 300, online = true, seen = 7) =>
  refusalOf({ report: report(o), agoMs }, online, seen)

describe('before a request is sent', () => {
  it('passes what the gateway would pass', () => {
    expect(ask()).toBeNull()
  })
  it('refuses on a silent gateway, however good its last word was (S1, S2)', () => {
    expect(ask({}, 2_001)?.code).toBe('gateway-offline')
    expect(ask({}, 100, false)?.code).toBe('gateway-offline')
    expect(refusalOf(null, true, 7)?.code).toBe('gateway-offline')
  })
  it('refuses what was asked of another state (S4)', () => {
    expect(ask({}, 300, true, 6)?.code).toBe('state-changed')
  })
  it('names every input that stands in the way, the old ones too (S1)', () => {
    const interlocks = [
      input('obstacle', 'active'),
      input('fire', 'unknown', null),
      input('power', 'clear', 1_900),
      input('eStop', 'clear', 50),
      input('door', 'notProvided', null),
    ]
    expect(ask({ permit: false, interlocks })).toEqual({
      code: 'interlock',
      detail: 'obstacle active, fire unknown, power not heard of for too long',
    })
  })
  it('says a latch of a person before everything else (S7)', () => {
    const inhibitions = [
      { kind: 'boot' as const, since: '', by: null, reason: null },
      { kind: 'forbid' as const, since: '', by: '李敏', reason: '检修' },
    ]
    expect(ask({ permit: false, inhibitions })).toEqual({
      code: 'forbidden-by-latch',
      detail: '李敏: 检修',
    })
    expect(ask({ permit: false, inhibitions: inhibitions.slice(0, 1) })).toEqual({
      code: 'inhibited',
      detail: 'boot',
    })
  })
})
