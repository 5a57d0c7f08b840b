import { expect, test } from 'vitest'
import { isTrouble, type StopTry, worstTry } from './stop.ts'

const tries = (...states: StopTry['state'][]) =>
  new Map(states.map((state, i) => [`B${i + 1}`, { state, reason: null }]))

const all = ['B1', 'B2', 'B3']

test('S6: of several banks the page tells the one that is not known to have stopped', () => {
  expect(worstTry(tries('done', 'unknown', 'accepted'), all)?.state).toBe('unknown')
  expect(worstTry(tries('done', 'requested'), all)?.state).toBe('requested')
  expect(worstTry(tries('done', 'done'), all)?.state).toBe('done')
  expect(worstTry(new Map(), all)).toBeNull()
})

test('S6: a stop whose result is unknown, or that was never sent, is trouble', () => {
  expect(
    ['unknown', 'unsent', 'refused', 'failed', 'expired'].every((s) => isTrouble(s as 'unknown')),
  ).toBe(true)
  expect(isTrouble('done')).toBe(false)
})

test('a bank shows its own result, not that of another', () => {
  expect(worstTry(tries('done', 'unknown'), ['B1'])?.state).toBe('done')
  expect(worstTry(tries('done', 'unknown'), ['B4'])).toBeNull()
})
