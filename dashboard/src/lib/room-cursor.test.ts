import { expect, test } from 'vitest'
import { judge, linkOf, lostAfterMs } from './room-cursor.ts'

const at = { epoch: 'a', version: 7 }

test('D17: the next version is delivered, an older one is not, a hole is noticed', () => {
  expect(judge(at, { epoch: 'a', version: 8 })).toBe('deliver')
  expect(judge(at, { epoch: 'a', version: 7 })).toBe('old')
  expect(judge(at, { epoch: 'a', version: 9 })).toBe('hole')
})

test('D17: another epoch is a hole even when its version would fit', () => {
  expect(judge(at, { epoch: 'b', version: 8 })).toBe('hole')
})

test('link lost is told within ten seconds of silence, connected or not', () => {
  expect(lostAfterMs + 1000).toBeLessThanOrEqual(10_000)
  expect(linkOf(true, true, 8000)).toBe('up')
  expect(linkOf(true, true, 9000)).toBe('lost')
  expect(linkOf(false, true, 0)).toBe('lost')
})

test('a page that never was connected is connecting, and then lost', () => {
  expect(linkOf(false, false, 100)).toBe('connecting')
  expect(linkOf(true, false, 100)).toBe('connecting')
  expect(linkOf(false, false, 9000)).toBe('lost')
})
