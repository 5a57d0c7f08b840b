import { expect, test } from 'vitest'
import { isTrouble, type StopTry, worstTry } from './stop.ts'

const tries = (...states: StopTry['state'][]) =>
  new Map(states.map((state, i) => [`B${i + 1}`, { state, reason: null }]))

test('S6: of several banks the page tells the one that is not known to have stopped', () => {
  expect(worstTry(tries('done', 'unknown', 'accepted'))?.state).toBe('unknown')
  expect(worstTry(tries('done', 'requested'))?.state).toBe('requested')
  expect(worstTry(tries('done', 'done'))?.state).toBe('done')
  expect(worstTry(new Map())).toBeNull()
})

test('S6: a stop whose result is unknown, or that was never sent, is trouble', () => {
  expect(
    ['unknown', 'unsent', 'refused', 'failed', 'expired'].every((s) => isTrouble(s as 'unknown')),
  ).toBe(true)
  expect(isTrouble('done')).toBe(false)
})
