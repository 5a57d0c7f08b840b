/** Claimed confidence beside the share that was right: on the line it is honest. */
import { type Claim, equalBins } from '../metrics.ts'
import { circle, ink, line, path, picture, scale, text } from './svg.ts'

const width = 620
const height = 560
const left = 90
const right = width - 30
const top = 80
const bottom = height - 90
/** Points on each side of the line that the design allows in a band. */
const allowed = 0.03

export function calibrationPicture(claims: readonly Claim[], words: string): string {
  const read = claims.filter((c) => c.confidence > 0)
  const bins = equalBins(read, 15)
  const least = Math.min(...bins.flatMap((b) => [b.confidence, b.right]))
  const from = Math.max(0, Math.floor(least * 10 - 0.5) / 10)
  const x = scale(from, 1, left, right)
  const y = scale(from, 1, bottom, top)
  const ticks = Array.from({ length: Math.round((1 - from) * 10) + 1 }, (_, i) => from + i / 10)
  const band = [
    [from, from + allowed],
    [1 - allowed, 1],
    [1, 1],
    [1, 1 - allowed],
    [from + allowed, from],
    [from, from],
  ].map(([a = 0, b = 0]) => [x(a), y(b)] as const)
  return picture(width, height, 'Calibration of the printed confidence', [
    text(left, 32, '置信度校准 · Calibration of confidence', {
      'font-size': 18,
      'font-weight': 600,
    }),
    text(left, 54, words, { fill: ink.quiet }),
    ...ticks.flatMap((t) => [
      line(x(t), top, x(t), bottom),
      line(left, y(t), right, y(t)),
      text(x(t), bottom + 20, t.toFixed(1), { 'text-anchor': 'middle', fill: ink.quiet }),
      text(left - 10, y(t) + 4, t.toFixed(1), { 'text-anchor': 'end', fill: ink.quiet }),
    ]),
    path(band, { fill: ink.green, 'fill-opacity': 0.12 }),
    path(
      [
        [x(from), y(from)],
        [x(1), y(1)],
      ],
      { stroke: ink.green, 'stroke-width': 1.5, 'stroke-dasharray': '5 4' },
    ),
    path(
      bins.map((b) => [x(b.confidence), y(b.right)] as const),
      { stroke: ink.blue, 'stroke-width': 1.5 },
    ),
    ...bins.map((b) => circle(x(b.confidence), y(b.right), 4.5, { fill: ink.blue })),
    text((left + right) / 2, bottom + 46, '所称置信度 · claimed confidence', {
      'text-anchor': 'middle',
    }),
    text(24, (top + bottom) / 2, '实际正确率 · share that was right', {
      'text-anchor': 'middle',
      transform: `rotate(-90 24 ${(top + bottom) / 2})`,
    }),
    text(
      (left + right) / 2,
      bottom + 70,
      '虚线：诚实；绿带：±3 个百分点 · dashed: honest; band: ±3 points',
      {
        'text-anchor': 'middle',
        fill: ink.quiet,
        'font-size': 12,
      },
    ),
  ])
}
