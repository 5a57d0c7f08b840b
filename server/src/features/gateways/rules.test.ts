import { expect, test } from 'vitest'
import { fireOf, isStale } from './rules.ts'

const state = (online: boolean, boot: string, conn: number) => ({ online, boot, conn })
const known = { boot: 'b', conn: 4 }

test('a death older than the birth that we have is ignored; that of the present connection is not', () => {
  expect(isStale(known, state(false, 'b', 3))).toBe(true)
  expect(isStale(known, state(false, 'a', 9))).toBe(true)
  expect(isStale(known, state(false, 'b', 4))).toBe(false)
})

test('a birth of a new boot or a later connection is taken; a replayed one is not', () => {
  expect(isStale({ boot: null, conn: null }, state(true, 'a', 0))).toBe(false)
  expect(isStale(known, state(true, 'c', 0))).toBe(false)
  expect(isStale(known, state(true, 'b', 5))).toBe(false)
  expect(isStale(known, state(true, 'b', 3))).toBe(true)
})

test('silence is never read as no fire', () => {
  const tick = (fire: 'normal' | 'alarm' | 'unknown', fireLatched = false) => ({
    fire,
    fireLatched,
  })
  const g = (online: boolean, t: ReturnType<typeof tick> | null) => ({ online, tick: t })
  expect(fireOf([], null)).toBe('unknown')
  expect(fireOf([g(true, tick('normal'))], null)).toBe('normal')
  expect(fireOf([g(true, tick('normal')), g(false, null)], null)).toBe('unknown')
  expect(fireOf([g(true, tick('unknown'))], null)).toBe('unknown')
  expect(fireOf([g(true, tick('normal', true)), g(true, tick('normal'))], null)).toBe('latched')
  expect(fireOf([g(false, null), g(true, tick('alarm', true))], null)).toBe('alarm')
  expect(fireOf([g(false, null)], 'alarm')).toBe('alarm')
  expect(fireOf([g(true, tick('unknown'))], 'latched')).toBe('latched')
  expect(fireOf([g(true, tick('normal'))], 'latched')).toBe('normal')
})
