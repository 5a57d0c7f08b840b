/**
 * `npm run bench -- radio`: whether the simulated radio may be trusted (locating 11, rule 3). The model is put into the
 * geometry of every recorded row and asked for the residual table of locating 5; the two are compared by distance,
 * since p-values mean nothing on correlated samples.
 */
import { laboratories } from '@lantai/firmware-sim'
import { type Figure, round3 } from '../../figure.ts'
import {
  absentLine,
  hasRecordings,
  loadRecordings,
  type Recording,
  recordingsDir,
  type SetName,
  setNames,
} from '../recordings.ts'
import { table } from '../table.ts'
import { difficultyTable, recordingOf } from './difficulty.ts'
import { generatedRow } from './generated-row.ts'
import { rowOf } from './measured-row.ts'
import { ksDistance, type ResidualTable, residualTable } from './residual-table.ts'
import { type Residual, type RowResiduals, residualsOf } from './residuals.ts'
import { steelTable } from './steel-rows.ts'
import { tableRows } from './table-rows.ts'

/** D3 was recorded in a livelier room, with tags placed less exactly. */
const laboratoryOf = { D2: laboratories.quiet, D3: laboratories.lively } as const

/** Rooms on which the methods are run too. */
const hardRooms = 6

type Say = (text: string) => void

export function radioTrust(quick: boolean, say: Say): Figure[] {
  const dir = recordingsDir()
  const figures: Figure[] = []
  if (hasRecordings(dir))
    for (const set of setNames) figures.push(...compare(dir, set, quick ? 2 : 12, say))
  else say(absentLine(dir))
  say(steelTable(quick ? 2 : 12))
  return figures
}

function compare(dir: string, set: SetName, rounds: number, say: Say): Figure[] {
  const recordings = loadRecordings(dir, set)
  const rows = recordings.map(rowOf)
  const recorded = rows.map(residualsOf)
  const drawn = Array.from({ length: rounds }, (_, round) =>
    rows.map((row) =>
      generatedRow(`trust ${round}/${row.name}`, row, laboratoryOf[set], `trust ${round}`),
    ),
  )
  const generated = drawn.map((round) => round.map(residualsOf))
  const tables = { recorded: residualTable(recorded), generated: residualTable(generated.flat()) }
  say(`\n${set}: residuals against free space, ${rounds} rooms of ${rows.length} rows\n`)
  say(table(['', 'recorded', 'generated'], tableRows(tables.recorded, tables.generated)))
  const asRecorded = drawn.map((round) =>
    round.map((row, i) => recordingOf(row, recordings[i] as Recording)),
  )
  say(`\n${set}: the same methods on recorded and on generated rows\n`)
  say(difficultyTable(recordings, asRecorded.slice(0, hardRooms)))
  return comparisons.map(({ name, meaning, aim, distance }) => {
    const each = generated.map((round) => distance(recorded, round))
    const pooled = distance(recorded, generated.flat())
    return {
      name: `radio-${set}-${name}`,
      meaning: `${meaning}; all rooms together, min and max of single rooms of ${rows.length} rows`,
      ratio: round3(pooled),
      min: round3(Math.min(...each)),
      max: round3(Math.max(...each)),
      rounds,
      aim: `<= ${aim}`,
      met: pooled <= aim,
      valid: true,
      detail: {},
    }
  })
}

interface Comparison {
  name: string
  meaning: string
  aim: number
  distance(recorded: readonly RowResiduals[], generated: readonly RowResiduals[]): number
}

const values = (rows: readonly RowResiduals[], value: (r: Residual) => number) =>
  rows.flatMap((row) => row.residuals.map(value))

const ks =
  (value: (r: Residual) => number): Comparison['distance'] =>
  (recorded, generated) =>
    ksDistance(values(recorded, value), values(generated, value))

/** Largest gap between numbers of the two tables. */
const largest =
  (pick: (t: ResidualTable) => number[], gap: (a: number, b: number) => number) =>
  (recorded: readonly RowResiduals[], generated: readonly RowResiduals[]): number => {
    const [a, b] = [pick(residualTable(recorded)), pick(residualTable(generated))]
    return Math.max(...a.map((value, i) => gap(value, b[i] as number)))
  }

const comparisons: readonly Comparison[] = [
  {
    name: 'phase-ks',
    meaning: 'Kolmogorov–Smirnov distance of phase residuals, recorded / generated',
    aim: 0.1,
    distance: ks((r) => r.phaseRad),
  },
  {
    name: 'rssi-ks',
    meaning: 'Kolmogorov–Smirnov distance of RSSI residuals, recorded / generated',
    aim: 0.1,
    distance: ks((r) => r.rssiDb),
  },
  {
    name: 'correlations',
    meaning:
      'largest gap of a correlation: along x at 2 to 24 cm, across 0.5 to 3.5 MHz, RSSI at 10 cm',
    aim: 0.1,
    distance: largest(
      (t) => [...t.alongX, ...t.acrossChannels, t.rssiAlongX],
      (a, b) => Math.abs(a - b),
    ),
  },
  {
    name: 'per-tag',
    meaning: 'largest relative gap of a quantile (p10, p50, p90) of the rms of one tag',
    aim: 0.15,
    distance: largest(
      (t) => t.perTag,
      (a, b) => Math.abs(b / a - 1),
    ),
  },
]
