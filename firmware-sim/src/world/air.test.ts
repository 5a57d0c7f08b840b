import { describe, expect, it } from 'vitest'
import { Air } from './air.ts'
import { Rng } from './rng.ts'

const start = Date.UTC(2026, 10, 22)
const sensors = ['th-1', 'th-2']
const air = (saved = {}) => {
  const a = new Air(sensors, new Rng('air'), saved)
  a.advance(0, start)
  return a
}

describe('the air of the room', () => {
  it('swings slowly through the day and stays where paper likes it', () => {
    const a = air()
    const seen: number[] = []
    let last = a.value('th-1')
    for (let s = 0; s < 86_400; s += 10) {
      a.advance(10_000, start + s * 1000)
      const now = a.value('th-1')
      expect(Math.abs(now.temperature - last.temperature)).toBeLessThan(0.3)
      expect(Math.abs(now.humidity - last.humidity)).toBeLessThan(1)
      expect(now.humidity).toBeGreaterThan(45)
      expect(now.humidity).toBeLessThan(58)
      seen.push(now.temperature)
      last = now
    }
    expect(Math.max(...seen) - Math.min(...seen)).toBeGreaterThan(0.8)
    expect(Math.min(...seen)).toBeGreaterThan(17)
    expect(Math.max(...seen)).toBeLessThan(22)
  })

  it('reaches a set value in a straight line, holds it, and goes back', () => {
    const a = air()
    const from = a.value('th-2').humidity
    a.set('th-2', 'humidity', 70, 1000)
    expect(a.busy).toBe(true)
    a.advance(500, start)
    expect(a.value('th-2').humidity).toBeCloseTo((from + 70) / 2, 5)
    a.advance(500, start)
    expect(a.value('th-2').humidity).toBe(70)
    expect(a.busy).toBe(false)
    expect(a.value('th-1').humidity).toBeLessThan(58)
    a.advance(3_600_000, start)
    expect(a.value('th-2').humidity).toBe(70)
    a.set('th-2', 'humidity', null, 1000)
    a.advance(1000, start)
    expect(a.value('th-2').humidity).toBeLessThan(58)
    expect(a.saved).toEqual({})
  })

  it('remembers held values over a restart', () => {
    const a = air()
    a.set('th-1', 'temperature', 27, 0)
    expect(air(a.saved).value('th-1').temperature).toBe(27)
  })
})
