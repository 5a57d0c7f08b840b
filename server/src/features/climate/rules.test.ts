import { describe, expect, it } from 'vitest'
import { intervalOf, isStale } from './rules.ts'

const now = new Date('2026-11-22T06:00:00Z')
const ago = (s: number) => ({ at: new Date(now.getTime() - s * 1000), value: 20 })

describe('interval of a sensor', () => {
  it('is the median distance, so that an outage is no interval', () => {
    expect(intervalOf([ago(0), ago(10), ago(20), ago(3620), ago(3630)])).toBe(10_000)
  })
  it('is a minute until two readings are there', () => {
    expect(intervalOf([ago(3)])).toBe(60_000)
    expect(intervalOf([])).toBe(60_000)
  })
})

describe('stale', () => {
  it('after twice the interval, with some seconds to arrive', () => {
    expect(isStale(ago(25).at, 10_000, now)).toBe(false)
    expect(isStale(ago(26).at, 10_000, now)).toBe(true)
    expect(isStale(null, 10_000, now)).toBe(true)
  })
})
