import { describe, expect, test } from 'vitest'
import { tallyMethod } from './evaluate.ts'
import { freeSpaceLine, freeSpaceRow } from './free-space.ts'
import { lineOf } from './methods/line.ts'
import { peers } from './methods/peers.ts'
import { figuresOf, sumOf } from './metrics.ts'
import { fullDensity, plainWalk, thinned } from './thin.ts'

/** Uneven, as on a shelf. */
const rows = [
  freeSpaceRow([205, 290, 345, 460, 530, 640, 700, 790], 520),
  freeSpaceRow([260, 310, 415, 495, 610, 720], 740),
]
const named = (name: string) => {
  const method = peers.find((p) => p.name === name)
  if (!method) throw new Error(`no method ${name}`)
  return method
}
const tallyFull = (name: string) =>
  sumOf(rows.map((r) => tallyMethod(named(name), fullDensity(r, freeSpaceLine))))
const tallyThin = (name: string) =>
  sumOf(
    [1, 2, 3, 4, 5].flatMap((seed) =>
      rows.map((r) => tallyMethod(named(name), thinned(r, { ...plainWalk, seed }, freeSpaceLine))),
    ),
  )

describe('published methods on a row in empty space', () => {
  test.each([
    'RSSI parabola',
    'STPP',
    'RF-Scanner',
    'hologram',
    'MobiTagbot',
    'differential hologram',
    'Tagoram',
    'weighted hologram, row depth',
  ])('%s has every rank at full density', (name) => {
    expect(figuresOf(tallyFull(name)).rank).toBe(1)
  })

  test.each([
    'RF-Scanner',
    'hologram',
    'MobiTagbot',
    'differential hologram',
    'weighted hologram, row depth',
  ])('%s is right to a centimetre at full density', (name) => {
    expect(figuresOf(tallyFull(name)).errorP90).toBeLessThan(1)
  })

  test.each(['hologram', 'MobiTagbot', 'weighted hologram, row depth'])(
    '%s, that unwraps nothing, is right to two centimetres with 13 reads a tag',
    (name) => {
      const figures = figuresOf(tallyThin(name))
      expect(figures.errorMedian).toBeLessThan(2)
      expect(figures.rank).toBeGreaterThan(0.9)
    },
  )

  test('the loudest place is on the right side of its neighbours but one', () => {
    const { adjacent } = figuresOf(tallyFull('RSSI peak'))
    expect(adjacent).toBeGreaterThan(0.9)
  })

  test('the line of the cable is found in the reads where channels change at one place', () => {
    const { scene, reads } = fullDensity(rows[0] as (typeof rows)[number])
    // The distance adds some 0.03 rad/MHz of its own.
    expect(Math.abs(lineOf(scene, reads, 1) - freeSpaceLine)).toBeLessThan(0.05)
  })
})
