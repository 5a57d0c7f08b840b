import { expect, test } from 'vitest'
import { drawCase } from '../scenes.ts'
import { calibrationPicture } from './calibration.ts'
import { facePicture } from './face.ts'
import { scale, text } from './svg.ts'

test('words of a picture cannot end their element', () => {
  expect(text(1, 2, '<a> & "b"')).toContain('&lt;a&gt; &amp; &quot;b&quot;</text>')
})

test('a scale is a straight line through its ends', () => {
  const x = scale(0, 10, 100, 300)
  expect([x(0), x(5), x(10)]).toEqual([100, 200, 300])
})

test('the calibration curve has a point for each of its bins', () => {
  const claims = Array.from({ length: 1500 }, (_, i) => ({
    confidence: 0.5 + i / 3000,
    right: i % 4 > 0,
  }))
  expect(calibrationPicture(claims, 'made').match(/<circle /g)).toHaveLength(15)
})

test('a face shows every box that stands there, and once more where it is believed', () => {
  const given = drawCase('development', 1)
  const standing = given.truth.filter((t) => t.shelf !== null)
  const answer = standing.map((t, i) => ({
    ...{ epc: t.epc, shelf: t.shelf, xMm: t.xMm, sigmaMm: 5, rank: i + 1 },
    ...{ class: 'found' as const, confidence: 0.9 },
  }))
  const svg = facePicture(given, answer, new Map(), 'made')
  const frame = 1 + 8
  expect(svg.match(/<rect /g)).toHaveLength(frame + 2 * standing.length)
})

test('a box in doubt is marked, whether it was moved or not', () => {
  const given = drawCase('development', 1)
  const [box] = given.truth.filter((t) => t.shelf !== null)
  if (!box) throw new Error('an empty face')
  const read = { at: 0, epc: box.epc, antenna: 1, channelMHz: 922, phaseRad: null, rssiDbm: -60 }
  const answer = [{ ...{ epc: box.epc, shelf: box.shelf, xMm: box.xMm, sigmaMm: 5, rank: 1 } }].map(
    (l) => ({ ...l, class: 'found' as const, confidence: 0.6 }),
  )
  const marks = (p: number) =>
    facePicture(
      { ...given, reads: [read] },
      answer,
      new Map([[box.epc.toUpperCase(), p]]),
      'made',
    ).split('>≈<').length - 1
  expect([marks(0.4), marks(0.6)]).toEqual([0, 2])
})
