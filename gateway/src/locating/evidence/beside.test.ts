import { describe, expect, it } from 'vitest'
import { locatingConstants } from '../constants.ts'
import { seeded } from '../testing.ts'
import { Beside, type Side } from './beside.ts'
import { phaseAt } from './between.ts'
import { looksOf } from './looks.ts'
import type { Sight, View } from './views.ts'

const c = locatingConstants.evidence
const across2 = 620 ** 2
const looks = looksOf(across2, 922, null, c)
const sights: Sight[] = Array.from({ length: 3 }, () => ({
  ...{ across2, looks, offset: null },
  line: { radPerMhz: 0, sigma: 0 },
}))

type Field = (antenna: number, x: number) => number

/** A few slow waves a reader's antenna, about half a radian. */
function fieldOf(seed: number): Field {
  const random = seeded(seed)
  const waves = Array.from({ length: 12 }, () => [
    (2 * Math.PI) / (250 + 500 * random()),
    2 * Math.PI * random(),
    0.7 * random() - 0.35,
  ])
  return (antenna, x) =>
    waves
      .slice(4 * antenna, 4 * antenna + 4)
      .reduce((sum, [k = 0, p = 0, a = 0]) => sum + 2 * a * Math.sin(k * x + p), 0)
}

/** A tag that stands at `at`, with a phase of its own, read every 4 cm. */
function sideOf(at: number, own: number, field: Field): Side {
  const views = sights.map((_, antenna): View => {
    const x = Float64Array.from({ length: 15 }, (_, i) => 1000 + (i - 7) * 40 + 3 * antenna)
    const middle = (looks.phase.length - 1) / 2
    const phase = x.map(
      (u) => own + phaseAt(looks.phase, (u - at) / looks.stepMm + middle) + field(antenna, u),
    )
    const flat = (value: number) => new Float64Array(x.length).fill(value)
    return { antenna, x, phase, rssi: flat(-60), weight: flat(2), tilt: flat(0) }
  })
  return beside.side(views, 1000)
}

const beside = new Beside(sights, { ...c, beside: { ...c.beside, common: 0.9 } })
const lnOf = (left: Side, right: Side, at: number) =>
  beside.ln(beside.group([left, right], [0, 35]), at)

describe('two tags side by side', () => {
  it('are told in their order by what bends both alike', () => {
    let right = 0
    for (let seed = 1; seed <= 20; seed++) {
      const field = fieldOf(seed)
      const [left, next] = [sideOf(985, 1, field), sideOf(1020, 4, field)]
      if (lnOf(left, next, 985) > lnOf(next, left, 985)) right++
    }
    expect(right).toBeGreaterThanOrEqual(19)
  })

  it('whatever their place is taken for within a hand’s breadth', () => {
    const field = fieldOf(3)
    const [left, next] = [sideOf(985, 1, field), sideOf(1020, 4, field)]
    for (const at of [955, 985, 1015])
      expect(lnOf(left, next, at)).toBeGreaterThan(lnOf(next, left, at))
  })

  it('lose little when they have nothing in common', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const [left, next] = [sideOf(985, 1, fieldOf(seed)), sideOf(1020, 4, fieldOf(seed + 50))]
      const least = sights.length * Math.log(c.beside.nothing)
      expect(lnOf(left, next, 985)).toBeGreaterThanOrEqual(least)
    }
  })

  it('and one between two others, against where it would go with neither', () => {
    for (let seed = 1; seed <= 10; seed++) {
      const field = fieldOf(seed)
      const [a, b, d] = [sideOf(950, 1, field), sideOf(1020, 4, field), sideOf(985, 2, field)]
      const others = beside.group([a, b], [0, 35])
      const mm = [0, 35, 70]
      const between = beside.ln(beside.group([a, d, b], mm), 950, others)
      const stranger = sideOf(985, 2, fieldOf(seed + 50))
      expect(between).toBeGreaterThan(beside.ln(beside.group([a, stranger, b], mm), 950, others))
    }
  })

  it('say nothing where no antenna heard both', () => {
    const [left, next] = [sideOf(985, 1, fieldOf(1)), sideOf(1020, 4, fieldOf(1))]
    const only = (side: Side, antenna: number) => side.filter((c) => c.antenna === antenna)
    expect(lnOf(only(left, 0), only(next, 1), 985)).toBe(0)
  })
})
