import { drawRow, laboratories, type RowRanges } from '@lantai/firmware-sim'
import { describe, expect, it } from 'vitest'
import { generatedRow } from './generated-row.ts'
import { channels, type MeasuredRow } from './measured-row.ts'
import { ksDistance, quantiles, residualTable } from './residual-table.ts'
import { residualsOf } from './residuals.ts'

const tagsMm = [300, 400, 500, 600]

/** Free space, with a shift and a depth of its own; `bend` adds what free space does not explain. */
function freeRow(depthMm: number, shiftMm: number, bend: (xMm: number) => number): MeasuredRow {
  const samples = tagsMm.flatMap((at, tag) =>
    channels.flatMap((mhz, channel) =>
      Array.from({ length: 50 }, (_, stop) => {
        const xMm = 20 * (stop + 1)
        const d = Math.hypot(xMm - at - shiftMm, depthMm)
        const phase = (4 * Math.PI * mhz * d) / 299_792.458 + tag + bend(xMm)
        const phaseRad = ((phase % (2 * Math.PI)) + 2 * Math.PI) % (2 * Math.PI)
        return { tag, channel, stop, xMm, phaseRad, rssiDbm: -40 * Math.log10(d) }
      }),
    ),
  )
  return { name: 'free', tagsMm, depthMm: 600, spacingMm: 100, samples }
}

describe('residuals against free space', () => {
  it('finds the depth and the shift of a row, and leaves nothing over', () => {
    const fit = residualsOf(freeRow(540, 15, () => 0))
    expect(fit.depthMm).toBe(540)
    expect(fit.shiftMm).toBe(15)
    const { rmsInner, rmsOuter, rssiRms } = residualTable([fit])
    for (const left of [rmsInner, rmsOuter, rssiRms]) expect(left).toBeLessThan(1e-6)
  })

  it('keeps what free space cannot explain, with its correlation along x', () => {
    const wave = (xMm: number) => 0.5 * Math.sin((2 * Math.PI * xMm) / 160)
    const table = residualTable([residualsOf(freeRow(600, 0, wave))])
    expect(table.rmsInner).toBeCloseTo(0.5 / Math.SQRT2, 1)
    /** Half a wave further it has turned over, a whole one later it is back. */
    const opposite = residualTable([
      residualsOf(freeRow(600, 0, (xMm) => 0.5 * Math.sin((2 * Math.PI * xMm) / 200))),
    ])
    expect(opposite.alongX[3]).toBeLessThan(-0.9)
    expect(table.alongX[4]).toBeGreaterThan(0.9)
    expect(table.acrossChannels.every((c) => c > 0.99)).toBe(true)
  })
})

describe('distances', () => {
  it('are nothing between equals, all between strangers, and the shift of two blocks', () => {
    const block = Array.from({ length: 1000 }, (_, i) => i / 1000)
    expect(ksDistance(block, block)).toBe(0)
    expect(
      ksDistance(
        block,
        block.map((v) => v + 2),
      ),
    ).toBe(1)
    expect(
      ksDistance(
        block,
        block.map((v) => v + 0.25),
      ),
    ).toBeCloseTo(0.25, 2)
    expect(quantiles([3, 1, 2], [0, 0.5, 0.75, 1])).toEqual([1, 2, 2.5, 3])
  })
})

describe('a generated row', () => {
  const like: MeasuredRow = { name: 'like', tagsMm, depthMm: 600, spacingMm: 100, samples: [] }

  it('is the same for one seed, and another for another', () => {
    const row = (seed: string) => generatedRow(seed, like, laboratories.quiet).samples
    expect(row('a')).toEqual(row('a'))
    expect(row('a')).not.toEqual(row('b'))
  })

  it('loses its residual when nothing scatters', () => {
    const bare: RowRanges = {
      ...laboratories.quiet,
      ...{ floor: [0, 0], wall: [0, 0], coupling: [0, 0], glueMm: [0, 0] },
      ...{ sidesDb: [-90, -90], roomDb: [-90, -90] },
    }
    const left = (ranges: RowRanges) =>
      residualTable([residualsOf(generatedRow('bare', like, ranges))]).rmsInner
    expect(left(bare)).toBeLessThan(0.04)
    expect(left(laboratories.quiet)).toBeGreaterThan(0.15)
  })

  it('has its antenna before the point that was written down', () => {
    const at = (mm: number) => {
      const ranges = { ...laboratories.quiet, phaseCentreMm: [mm, mm] as const }
      return drawRow('centre', { tagsMm, depthMm: 600, railMm: [0, 1020] }, ranges)
    }
    expect(at(70).antennas[0]?.phaseCentreMm).toBe(70)
  })
})
