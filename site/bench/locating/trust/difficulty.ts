/**
 * Are generated rows as hard as recorded ones? Residuals may agree in every moment and yet be easier to order, so the
 * published methods are run on both: same geometry, same thinning, ranks counted the same way.
 */
import type { LocatingCase } from '../case.ts'
import { measuredLine } from '../channel-line.ts'
import { evaluate, type Score, spreadOver } from '../evaluate.ts'
import { peers } from '../methods/peers.ts'
import type { Recording } from '../recordings.ts'
import { percentSpread, table } from '../table.ts'
import { fullDensity, plainWalk, thinned } from '../thin.ts'
import type { MeasuredRow } from './measured-row.ts'

/** A cell of a recording merges about so many reads, and spreads so little. */
const cell = { reads: 80, resultant: 0.9998 }

/** A generated row in the clothes of the recording whose geometry it has. */
export function recordingOf(row: MeasuredRow, like: Recording): Recording {
  const scored = like.truth.filter((t) => t.scored)
  const epcOf = (tag: number) => scored[tag]?.epc ?? ''
  const cells = row.samples.map((s) => ({
    ...cell,
    epc: epcOf(s.tag),
    channel: s.channel,
    aperture: s.stop,
    phase: s.phaseRad,
    rssi: s.rssiDbm,
  }))
  return { ...like, run: row.name, cells, truth: scored }
}

/** Neighbours of unknown place are left out of the recordings too: the model has none. */
const onlyScored = (recording: Recording): Recording => {
  const truth = recording.truth.filter((t) => t.scored)
  const known = new Set(truth.map((t) => t.epc))
  return { ...recording, truth, cells: recording.cells.filter((c) => known.has(c.epc)) }
}

const scores = (draws: readonly (() => LocatingCase[])[]) => evaluate(peers, draws)

const shown = (score: Score) => percentSpread(score.pooled.rank, spreadOver(score, 'rank'))

/** Rank-exact of every method at both densities, recorded beside generated, min–max over rooms or seeds. */
export function difficultyTable(
  recorded: readonly Recording[],
  generated: readonly (readonly Recording[])[],
): string {
  const full = (recordings: readonly Recording[]) => () =>
    recordings.map((r) => fullDensity(r, measuredLine([r])))
  const walked = (recordings: readonly Recording[], seed: number) => () =>
    recordings.map((r) => thinned(r, { ...plainWalk, seed }, measuredLine([r])))
  const scored = recorded.map(onlyScored)
  const columns = [
    scores([full(scored)]),
    scores(generated.map(full)),
    scores(generated.map((_, n) => walked(scored, n + 1))),
    scores(generated.map((round, n) => walked(round, n + 1))),
  ]
  const head = ['rank %', 'full', 'generated', '13 reads', 'generated']
  const rows = peers.map(({ name }, i) => [
    name,
    ...columns.map((column) => shown(column[i] as Score)),
  ])
  return table(head, rows)
}
