import { expect, test } from 'vitest'
import { locatingConstants } from '../constants.ts'
import { phaseAt } from './between.ts'
import { curveOf, modesOf } from './curve.ts'
import { looksOf } from './looks.ts'
import type { Sight, View } from './views.ts'

const c = locatingConstants.evidence
const across2 = 620 ** 2
const looks = looksOf(across2, 922, null, c)
const sight: Sight = {
  ...{ across2, looks, offset: null },
  line: { radPerMhz: 0, sigma: 0 },
}
const at = 1000

test('places lie whole steps of the tables apart, as what is expected there is read off at once', () => {
  expect(c.stepMm % c.looksStepMm).toBe(0)
})

/** One pass of one antenna, `n` samples within 40 cm of the tag. */
function viewOf(antenna: number, n: number): View {
  const x = Float64Array.from({ length: n }, (_, i) => at + 800 * ((i + 0.5) / n - 0.5))
  const middle = (looks.phase.length - 1) / 2
  const phase = x.map((u) => 1 + phaseAt(looks.phase, (u - at) / looks.stepMm + middle))
  const flat = (value: number) => new Float64Array(n).fill(value)
  return { antenna, x, phase, rssi: flat(-60), weight: flat(2), tilt: flat(0) }
}

/** Of four antennas, by samples of each; mm. */
function sigmaOf(n: number): number {
  const views = [0, 1, 2, 3].map((antenna) => viewOf(antenna, n))
  const [mode] = modesOf(curveOf(views, [sight, sight, sight, sight], at, c), 0.01)
  if (!mode) throw new Error('no mode')
  expect(Math.abs(mode.x - at)).toBeLessThan(5)
  return mode.sigma
}

test('more looks are surer, and more samples of the same looks neither surer nor less sure', () => {
  const [two, four, sixteen, thirty] = [2, 4, 16, 32].map(sigmaOf) as [
    number,
    number,
    number,
    number,
  ]
  expect(two / four).toBeGreaterThan(1.1)
  expect(Math.abs(Math.log(sixteen / four))).toBeLessThan(0.05)
  expect(Math.abs(Math.log(thirty / sixteen))).toBeLessThan(0.05)
})
