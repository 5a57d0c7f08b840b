/** The part of the benchmark on recordings: both densities, all methods, with and without a catalogue. */
import { type Figure, round3 } from '../figure.ts'
import type { LocatingCase, Method } from './case.ts'
import { measuredLine } from './channel-line.ts'
import { designFigures, tolerance } from './design-figures.ts'
import { evaluate, type Score, spreadOver } from './evaluate.ts'
import { echo } from './methods/echo.ts'
import { peers } from './methods/peers.ts'
import { spreadOf } from './metrics.ts'
import { type RecordedBound, recordedBound } from './oracle/recorded-oracle.ts'
import { withCatalogue } from './planted.ts'
import { loadRecordings, type Recording, type SetName, setNames } from './recordings.ts'
import { number, percent, percentSpread, table } from './table.ts'
import { fullDensity, plainWalk, type Thinning, thinned } from './thin.ts'

export type Say = (text: string) => void

interface Sets {
  recordings: Readonly<Record<SetName, Recording[]>>
  /** Of the other set, as it may be calibrated. */
  line: Readonly<Record<SetName, number>>
}

function loadSets(dir: string): Sets {
  const recordings = { D2: loadRecordings(dir, 'D2'), D3: loadRecordings(dir, 'D3') }
  const line = { D2: measuredLine(recordings.D3), D3: measuredLine(recordings.D2) }
  return { recordings, line }
}

type Scores = Readonly<Record<SetName, Score[]>>

const bySet = (of: (set: SetName) => Score[]): Scores => ({ D2: of('D2'), D3: of('D3') })

const fullScores = ({ recordings, line }: Sets, methods: readonly Method[]): Scores =>
  bySet((set) => evaluate(methods, [() => recordings[set].map((r) => fullDensity(r, line[set]))]))

type Change = (given: LocatingCase, recording: Recording, seed: number) => LocatingCase

function thinScores(
  { recordings, line }: Sets,
  methods: readonly Method[],
  seeds: number,
  how: Omit<Thinning, 'seed'>,
  change: Change = (given) => given,
): Scores {
  const cases = (set: SetName, seed: number) =>
    recordings[set].map((r) => change(thinned(r, { ...how, seed }, line[set]), r, seed))
  return bySet((set) =>
    evaluate(
      methods,
      Array.from({ length: seeds }, (_, i) => () => cases(set, i + 1)),
    ),
  )
}

const rowOf = (method: string, cells: (set: SetName) => string[]) => [
  method,
  ...setNames.flatMap(cells),
]

function rankTable(scores: Scores): string {
  const head = rowOf('method', (set) => [`${set} rank %`, 'adjacent %', 'median cm', 'p90 cm'])
  const rows = scores.D2.map((_, i) =>
    rowOf(scores.D2[i]?.method ?? '', (set) => {
      const score = scores[set][i] as Score
      const { pooled: f, seeds } = score
      const rank =
        seeds.length > 1 ? percentSpread(f.rank, spreadOver(score, 'rank')) : percent(f.rank)
      return [rank, percent(f.adjacent), number(f.errorMedian), number(f.errorP90)]
    }),
  )
  return table(head, rows)
}

const rankOf = (scores: readonly Score[], method: string) =>
  100 * (scores.find((s) => s.method === method)?.pooled.rank ?? Number.NaN)

/** Beside the design's own figures: nobody is to beat a straw man. */
function reproduction(full: Scores, thin: Scores): { text: string; behind: string[] } {
  const cells = designFigures.flatMap(({ method, full: f, thinned: t }) =>
    setNames.flatMap((set) => [
      { method, what: `${set} full`, printed: f?.[set], own: rankOf(full[set], method) },
      { method, what: `${set} 13 reads`, printed: t?.[set], own: rankOf(thin[set], method) },
    ]),
  )
  const known = cells.filter((c) => c.printed !== undefined)
  const behind = known.filter((c) => c.own < (c.printed as number) - tolerance)
  const rows = known.map((c) => {
    const difference = c.own - (c.printed as number)
    return [c.method, c.what, number(c.printed as number), number(c.own), number(difference)]
  })
  const text = table(['method', 'where', 'design rank %', 'ours %', 'points'], rows)
  return { text, behind: behind.map((c) => `${c.method} ${c.what}`) }
}

function catalogueTable(scores: Scores): string {
  const figures = ['rank %', 'recall %', 'recall at 1/1000 %', 'false per 1000', 'ECE']
  const head = rowOf('method', (set) => figures.map((f, i) => (i === 0 ? `${set} ${f}` : f)))
  const rows = scores.D2.map((_, i) =>
    rowOf(scores.D2[i]?.method ?? '', (set) => {
      const score = scores[set][i] as Score
      const f = score.pooled
      return [
        percentSpread(f.rank, spreadOver(score, 'rank')),
        percent(f.recall),
        percent(f.recallAt1),
        number(f.falsePer1000),
        score.confident ? number(f.ece, 3) : '–',
      ]
    }),
  )
  return table(head, rows)
}

type Bounds = Readonly<Record<SetName, { full: RecordedBound; thin: RecordedBound }>>

/** What whoever knows everything but the shape of the multipath could reach on the same reads. */
function boundsOf({ recordings, line }: Sets): Bounds {
  const of = (set: SetName) => {
    const whole = recordings[set].map((r) => fullDensity(r, line[set]))
    const full = recordedBound(whole, recordings[set])
    const walked = recordings[set].map((r) => thinned(r, { ...plainWalk, seed: 1 }, line[set]))
    return { full, thin: recordedBound(walked, recordings[set], full.kernel) }
  }
  return { D2: of('D2'), D3: of('D3') }
}

function boundTable(bounds: Bounds, full: Scores, thin: Scores): string {
  const rows = setNames.flatMap((set) =>
    (['full', 'thin'] as const).map((density) => {
      const { rank, sigmaCm } = bounds[set][density]
      const own = (density === 'full' ? full : thin)[set][0]?.pooled.rank ?? Number.NaN
      const what = density === 'full' ? 'full density' : '13 reads'
      return [`${set} ${what}`, number(sigmaCm, 2), percent(rank), percent(own)]
    }),
  )
  return table(['where', 'least σ cm', 'bound rank %', 'Lantai %'], rows)
}

const aimOf: Readonly<Record<SetName, number>> = { D2: 0.97, D3: 0.93 }

function fullFigure(set: SetName, own: Score): Figure {
  const { rank, adjacent, errorMedian, microsPerRead } = own.pooled
  return {
    name: `locating-${set}-full`,
    meaning: 'share of boxes at their exact rank, whole recordings, no catalogue',
    ...{ ratio: round3(rank), min: round3(rank), max: round3(rank), rounds: 1 },
    ...{ aim: `>= ${aimOf[set]}`, met: rank >= (aimOf[set] as number), valid: true },
    detail: {
      adjacent: round3(adjacent),
      medianErrorCm: round3(errorMedian),
      microsPerRead: round3(microsPerRead),
    },
  }
}

/** Wrong ranks of the best published method over ours, seed by seed. */
function thinFigure(set: SetName, own: Score, others: readonly Score[]): Figure {
  const best = others.reduce((a, b) => (b.pooled.rank > a.pooled.rank ? b : a))
  const ratios = own.seeds.map((f, i) => (1 - (best.seeds[i]?.rank ?? 0)) / (1 - f.rank))
  const { min, max } = spreadOf(ratios)
  const ratio = (1 - best.pooled.rank) / (1 - own.pooled.rank)
  return {
    name: `locating-${set}-13-reads`,
    meaning: `wrong ranks of the best published method / ours, 13 reads a tag, no catalogue`,
    ...{ ratio: round3(ratio), min: round3(min), max: round3(max), rounds: own.seeds.length },
    ...{ aim: '>= 2', met: ratio >= 2, valid: true },
    detail: {
      rank: round3(own.pooled.rank),
      bestPublished: best.method,
      bestRank: round3(best.pooled.rank),
    },
  }
}

export interface RecordedOptions {
  dir: string
  seeds: number
  /** Of harder and richer walks, and of catalogues; 0 leaves them out. */
  variantSeeds: number
}

const variants: readonly [title: string, how: Omit<Thinning, 'seed'>][] = [
  ['three passes merged', { ...plainWalk, passes: 3 }],
  ['one or two channels a pass (dwell 2 s)', { ...plainWalk, dwellSeconds: 2 }],
  ['bursts without reads', { ...plainWalk, bursts: true }],
]

/** Prints the tables and returns the figures. `own` is the locator as it is shipped. */
export function recordedBench(own: Method, options: RecordedOptions, say: Say): Figure[] {
  const sets = loadSets(options.dir)
  const methods = [own, ...peers]
  const full = fullScores(sets, methods)
  say(`\n### Recordings, full density, no catalogue\n\n${rankTable(full)}`)
  const thin = thinScores(sets, methods, options.seeds, plainWalk)
  say(`\n### Recordings, 13 reads a tag, one pass, no catalogue, ${options.seeds} seeds\n`)
  say(rankTable(thin))
  const { text, behind } = reproduction(full, thin)
  say(`\n### Our own implementations beside the design's figures\n\n${text}`)
  if (behind.length > 0) say(`more than ${tolerance} points behind: ${behind.join('; ')}`)
  const bounds = boundsOf(sets)
  say(`\n### The bound on recordings, no catalogue\n\n${boundTable(bounds, full, thin)}`)
  if (options.variantSeeds > 0) sayVariants(sets, methods, own, options.variantSeeds, say)
  return setNames.flatMap((set) => {
    const [ours, ...others] = thin[set]
    return [fullFigure(set, full[set][0] as Score), thinFigure(set, ours as Score, others)]
  })
}

function sayVariants(sets: Sets, methods: readonly Method[], own: Method, seeds: number, say: Say) {
  for (const [title, how] of variants)
    say(
      `\n### Recordings, 13 reads a tag and pass, ${title}, ${seeds} seeds\n\n${rankTable(thinScores(sets, methods, seeds, how))}`,
    )
  for (const share of [0, 0.1]) {
    const change: Change = (given, r, seed) =>
      withCatalogue(given, r.spacingMm, share, String(seed))
    const scores = thinScores(sets, [own, echo, ...peers], seeds, plainWalk, change)
    const moved = setNames.map((set) => `${set} ${scores[set][0]?.tally.moved}`).join(', ')
    const title =
      share === 0 ? 'a true catalogue' : `a catalogue with ${100 * share} % planted errors`
    say(
      `\n### Recordings, 13 reads a tag, ${title}, ${seeds} seeds (planted: ${moved})\n\n${catalogueTable(scores)}`,
    )
  }
}
