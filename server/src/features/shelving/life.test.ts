import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { inferredBy, type Known, type State, told } from './life.ts'

const play = (states: readonly State[], start: Known = { state: 'requested', inferred: false }) =>
  states.reduce<Known>((known, s) => told(known, s) ?? known, start)

const at = (s: number) => new Date(Date.UTC(2026, 10, 22, 6, 0, s))
const pending = {
  state: 'requested' as State,
  inferred: false,
  sentUntil: at(5) as Date | null,
  approvalUntil: null as Date | null,
  gatewayOnline: true,
  updatedAt: at(0),
}

describe('life of a command (S6)', () => {
  it('ends the same in whatever order and however often it is told', () => {
    const trail: State[] = ['accepted', 'running', 'done']
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...trail)), (heard) => {
        expect(play([...heard, 'done']).state).toBe('done')
        expect(play(['done', ...heard]).state).toBe('done')
      }),
    )
  })
  it('never goes backwards', () => {
    const order: State[] = ['requested', 'accepted', 'running', 'unknown', 'done']
    const states = fc.constantFrom<State>(
      'accepted',
      'running',
      'unknown',
      'done',
      'failed',
      'refused',
      'expired',
    )
    fc.assert(
      fc.property(fc.array(states), (list) => {
        let before: Known = { state: 'requested', inferred: false }
        for (const s of list) {
          const after = told(before, s) ?? before
          const place = (k: Known) =>
            Math.min(4, order.indexOf(k.state) < 0 ? 4 : order.indexOf(k.state))
          expect(place(after)).toBeGreaterThanOrEqual(place(before))
          before = after
        }
      }),
    )
  })
  it('learns what came of it after unknown', () => {
    expect(play(['accepted', 'unknown', 'done']).state).toBe('done')
  })
  it('what the gateway says later overrides what silence suggested', () => {
    expect(play(['accepted', 'done'], { state: 'expired', inferred: true })).toEqual({
      state: 'done',
      inferred: false,
    })
    expect(play(['done'], { state: 'unknown', inferred: true }).state).toBe('done')
    expect(play(['accepted'], { state: 'unknown', inferred: true }).state).toBe('unknown')
    expect(play(['done'], { state: 'expired', inferred: false }).state).toBe('expired')
  })
})

describe('silence', () => {
  it('says expired when nothing came, after the gateway could still have answered', () => {
    expect(inferredBy(pending, at(7))).toBeNull()
    expect(inferredBy(pending, at(8))).toMatchObject({ state: 'expired', inferred: true })
  })
  it('says unknown when the link is lost on the way, never done and never failed (S6)', () => {
    const running = { ...pending, state: 'running' as State }
    expect(inferredBy(running, at(9))).toBeNull()
    expect(inferredBy({ ...running, gatewayOnline: false }, at(9))).toMatchObject({
      state: 'unknown',
    })
  })
  it('waits for a second person as long as was said (S7)', () => {
    const frozen = { ...pending, sentUntil: null, approvalUntil: at(30) }
    expect(inferredBy(frozen, at(30))).toBeNull()
    expect(inferredBy(frozen, at(31))).toMatchObject({ state: 'expired', inferred: false })
  })
  it('says nothing of what has ended', () => {
    for (const state of ['done', 'refused', 'failed', 'unknown', 'expired'] as State[])
      expect(inferredBy({ ...pending, state, gatewayOnline: false }, at(59))).toBeNull()
  })
})
