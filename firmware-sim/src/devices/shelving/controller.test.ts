import { describe, expect, it } from 'vitest'
import { type Rail, standardDrive } from './carriages.ts'
import { BankController, faultJam } from './controller.ts'
import { BankRegisters } from './registers.ts'

const rail: Rail = {
  columns: Array.from({ length: 12 }, (_, i) => ({ column: i + 1, widthMm: 900 })),
  railMm: 12 * 900 + 1000,
  aisleMm: 1000,
}
const bank = () => new BankController(rail, null)
/** Runs in steps of 50 ms until still, checking every step; gives the simulated milliseconds. */
function settle(
  b: BankController,
  check: (x: readonly number[]) => void = () => undefined,
): number {
  let ms = 0
  for (; b.status().moving && ms < 200_000; ms += 50) {
    b.advance(50)
    check(b.status().x)
  }
  return ms
}
const noOverlap = (x: readonly number[]) => {
  for (let i = 1; i < x.length; i++)
    expect((x[i] as number) - (x[i - 1] as number)).toBeGreaterThanOrEqual(900 - 1e-6)
  expect((x.at(-1) as number) + 900).toBeLessThanOrEqual(rail.railMm + 1e-6)
}

describe('a bank of carriages', () => {
  it('opens an aisle in the time that distance and speed allow, and carriages never overlap', () => {
    const b = bank()
    expect(b.status().openAisle).toBe(1)
    expect(b.command('open', 8)).toBe('accepted')
    expect(b.status()).toMatchObject({ moving: true, openAisle: null })
    const ms = settle(b, noOverlap)
    expect(b.status()).toMatchObject({ moving: false, openAisle: 8 })
    expect(ms).toBeGreaterThan((1000 / standardDrive.speedMmS) * 1000)
    expect(ms).toBeLessThan(30_000)
  })

  it('moves neighbours in order, the one at the gap first', () => {
    const b = bank()
    b.command('open', 6)
    const started: number[] = []
    const at = [...b.status().x]
    settle(b, (x) => {
      x.forEach((v, i) => {
        if (v !== at[i] && !started.includes(i + 1)) started.push(i + 1)
      })
    })
    expect(started).toEqual([2, 3, 4, 5, 6])
  })

  it('goes back the other way, closes with no aisle in place, and ventilates evenly', () => {
    const b = bank()
    for (const aisle of [12, 3, 1, 11]) {
      b.command('open', aisle)
      settle(b, noOverlap)
      expect(b.status().openAisle).toBe(aisle)
    }
    b.command('close', 0)
    settle(b, noOverlap)
    expect(b.status()).toMatchObject({ openAisle: null, ventilating: false })
    b.command('ventilate', 0)
    settle(b, noOverlap)
    expect(b.status()).toMatchObject({ openAisle: null, ventilating: true })
  })

  it('stops within millimetres at the light curtain, stays there, and goes on only when asked again', () => {
    const b = bank()
    b.command('open', 7)
    b.advance(4000)
    const before = b.status().x
    b.event({ event: 'obstruct' })
    settle(b)
    const after = b.status().x
    after.forEach((x, i) => {
      expect(Math.abs(x - (before[i] as number))).toBeLessThan(5)
    })
    expect(b.status()).toMatchObject({ moving: false, obstacle: true, openAisle: null })
    expect(b.command('open', 7)).toBe('obstacle')
    b.event({ event: 'clear' })
    b.advance(10_000)
    expect(b.status().x).toEqual(after)
    expect(b.command('open', 7)).toBe('accepted')
    settle(b, noOverlap)
    expect(b.status().openAisle).toBe(7)
  })

  it('leaves carriages between when the mains go, and nothing resumes when they return', () => {
    const b = bank()
    b.command('open', 12)
    b.advance(6000)
    b.event({ event: 'powerOff' })
    b.advance(1000)
    const between = b.status().x
    expect(b.status()).toMatchObject({ moving: false, mains: false, openAisle: null })
    expect(b.command('open', 12)).toBe('fault')
    b.event({ event: 'powerOn' })
    b.advance(10_000)
    expect(b.status().x).toEqual(between)
    const again = new BankController(rail, b.saved)
    again.advance(10_000)
    expect(again.status().moving).toBe(false)
    again.status().x.forEach((x, i) => {
      expect(Math.abs(x - (between[i] as number))).toBeLessThan(0.1)
    })
  })

  it('refuses with the reason', () => {
    const b = bank()
    expect(b.command('open', 99)).toBe('badAisle')
    b.command('open', 5)
    expect(b.command('open', 6)).toBe('moving')
    expect(b.command('stop', 0)).toBe('accepted')
    settle(b)
    b.command('forbid', 0)
    expect(b.command('close', 0)).toBe('forbid')
    b.command('clearForbid', 0)
    b.event({ event: 'eStop' })
    expect(b.command('close', 0)).toBe('eStop')
    b.event({ event: 'eStopReset' })
    b.event({ event: 'manual', aisle: 3 })
    expect(b.command('close', 0)).toBe('manual')
    settle(b, noOverlap)
    expect(b.status()).toMatchObject({ manual: true, openAisle: 3 })
    b.event({ event: 'auto' })
    expect(b.command('close', 0)).toBe('accepted')
  })

  it('gives up with a fault when a carriage is jammed', () => {
    const b = bank()
    b.event({ event: 'jam', column: 4 })
    b.command('open', 9)
    settle(b, noOverlap)
    expect(b.status()).toMatchObject({ faultCode: faultJam, moving: false, openAisle: 3 })
    expect(b.command('open', 9)).toBe('fault')
    b.event({ event: 'repair' })
    expect(b.command('open', 9)).toBe('accepted')
    settle(b, noOverlap)
    expect(b.status().openAisle).toBe(9)
  })

  it('runs faster with a speed factor, to the same place', () => {
    const b = bank()
    b.event({ event: 'speed', factor: 50 })
    b.command('open', 12)
    expect(settle(b, noOverlap)).toBeLessThan(1000)
    expect(b.status().openAisle).toBe(12)
  })
})

describe('the register map', () => {
  it('takes verb and aisle in one write, counts it and answers', () => {
    const b = bank()
    const r = new BankRegisters(b, () => 70_000)
    expect(r.write(0x10, [1, 4])).toBeNull()
    expect(r.read(0x10, 4)).toEqual([1, 4, 1, 1])
    expect(r.read(0x100, 6)).toEqual([0b1_0000_0001, 0, 0, 70_000 - 65_536, 1, 12])
    expect(r.write(0x10, [1, 5])).toBeNull()
    expect(r.read(0x12, 2)).toEqual([1, 6])
    settle(b)
    expect(r.read(0x100, 2)).toEqual([0b1_0000_0000, 4])
    expect(r.read(0x110, 12)).toEqual([
      0, 900, 1800, 2700, 4600, 5500, 6400, 7300, 8200, 9100, 10_000, 10_900,
    ])
    expect(r.read(0x130, 12)).toEqual([3, 3, 3, 1, 2, 3, 3, 3, 3, 3, 3, 3])
    expect(r.read(0, 2)).toEqual([0x4c54, 2])
  })

  it('takes the aisle first and the verb after it, each by itself', () => {
    const b = bank()
    const r = new BankRegisters(b, () => 0)
    expect(r.write(0x11, [2])).toBeNull()
    expect(b.status().moving).toBe(false)
    expect(r.write(0x10, [1])).toBeNull()
    settle(b)
    expect(b.status().openAisle).toBe(2)
  })

  it('answers what does not exist with an exception and changes nothing', () => {
    const r = new BankRegisters(bank(), () => 0)
    expect(r.read(0x106, 1)).toEqual({ exception: 2 })
    expect(r.read(0x100, 7)).toEqual({ exception: 2 })
    expect(r.write(0x12, [9])).toEqual({ exception: 2 })
    expect(r.write(0x10, [1, 2, 3])).toEqual({ exception: 2 })
    expect(r.write(0x10, [77])).toEqual({ exception: 3 })
    expect(r.read(0x12, 2)).toEqual([0, 0])
  })
})
