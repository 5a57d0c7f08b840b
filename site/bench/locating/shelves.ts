/** The part of the benchmark on drawn walks past steel shelves, with a catalogue that is partly wrong. */
import { type Figure, round3 } from '../figure.ts'
import type { Method } from './case.ts'
import { evaluate, type Score, spreadOver } from './evaluate.ts'
import { bandsOf, type Figures } from './metrics.ts'
import {
  boundRows,
  type ShelvesBound,
  shelvesBound,
  shelvesKernel,
} from './oracle/shelves-oracle.ts'
import { type ToldFigures, toldFigures } from './oracle/told.ts'
import type { Say } from './recorded.ts'
import { drawCase, type SceneSet } from './scenes.ts'
import { number, percent, percentSpread, table } from './table.ts'

type Column = readonly [head: string, cell: (score: Score) => string]

const placeColumns: readonly Column[] = [
  ['method', (s) => s.method],
  ['rank %', (s) => percentSpread(s.pooled.rank, spreadOver(s, 'rank'))],
  ['found: recall %', (s) => percentSpread(s.pooled.recall, spreadOver(s, 'recall'))],
  ['recall at 1/1000 %', (s) => percent(s.pooled.recallAt1)],
  ['false per 1000', (s) => number(s.pooled.falsePer1000)],
  ['precision %', (s) => percent(s.pooled.precision)],
  ['face %', (s) => percent(s.pooled.face, 2)],
  ['shelf %', (s) => percent(s.pooled.shelf, 2)],
  ['adjacent %', (s) => percent(s.pooled.adjacent)],
  ['mean cm', (s) => number(s.pooled.errorMean)],
  ['median cm', (s) => number(s.pooled.errorMedian)],
  ['p90 cm', (s) => number(s.pooled.errorP90)],
  ['ECE', (s) => (s.confident ? number(s.pooled.ece, 3) : '–')],
  ['worst band', (s) => (s.confident ? number(s.pooled.worstBand, 3) : '–')],
  ['µs a read', (s) => number(s.pooled.microsPerRead)],
]

const columnsTable = (columns: readonly Column[], scores: readonly Score[]) =>
  table(
    columns.map(([head]) => head),
    scores.map((s) => columns.map(([, cell]) => cell(s))),
  )

function silenceTable({ tally: t, pooled: f }: Score): string {
  const head = [
    'expected',
    'uncovered %',
    'unread %',
    'of them dead',
    'alive',
    'gone',
    'said missing',
    'falsely',
  ]
  const counts = [t.unreadDead, t.unreadAlive, t.unreadGone, t.suspected, t.falseMissing]
  return table(head, [
    [String(t.expected), percent(f.uncovered), percent(f.unread), ...counts.map(String)],
  ])
}

const bandTable = ({ tally }: Score) =>
  table(
    ['answers', 'claimed %', 'right %', 'points off'],
    bandsOf(tally.claims).map((b) => [
      String(b.claims),
      percent(b.confidence),
      percent(b.right),
      number(100 * (b.right - b.confidence)),
    ]),
  )

interface Aim {
  name: string
  meaning: string
  figure: keyof Figures
  limit: number
  least: boolean
}

const aims: readonly Aim[] = [
  {
    name: 'face',
    meaning: 'tags rightly held to stand on this face or not',
    figure: 'face',
    limit: 0.995,
    least: true,
  },
  {
    name: 'shelf',
    meaning: 'boxes on their true shelf',
    figure: 'shelf',
    limit: 0.99,
    least: true,
  },
  {
    name: 'rank',
    meaning: 'boxes at their exact rank on their true shelf',
    figure: 'rank',
    limit: 0.98,
    least: true,
  },
  {
    name: 'recall-at-1-per-1000',
    meaning: 'misplaced boxes found in one pass, at one false report in 1,000 boxes',
    ...{ figure: 'recallAt1', limit: 0.995, least: true },
  },
  {
    name: 'false-missing',
    meaning: 'boxes said to be gone that stand there',
    figure: 'falseMissing',
    limit: 0,
    least: false,
  },
  {
    name: 'calibration',
    meaning: 'expected calibration error of the printed confidence',
    figure: 'ece',
    limit: 0.02,
    least: false,
  },
]

function aimFigure(
  set: SceneSet,
  { name, meaning, figure, limit, least }: Aim,
  own: Score,
): Figure {
  const value = own.pooled[figure]
  const { min, max } = spreadOver(own, figure)
  return {
    name: `locating-${set}-${name}`,
    meaning: `${meaning}: all scenes together, with the least and the most of a scene`,
    ...{ ratio: round3(value), min: round3(min), max: round3(max), rounds: own.seeds.length },
    aim: `${least ? '>=' : '<='} ${limit}`,
    met: least ? value >= limit : value <= limit,
    valid: true,
    detail: { planted: own.tally.moved, boxesRead: own.tally.read },
  }
}

/** What the radio adds to the catalogue: wrong ranks of the echo over ours, beside what the echo never finds. */
function gainFigure(set: SceneSet, own: Score, echo: Score): Figure {
  const gains = own.seeds.map((f, i) => (1 - (echo.seeds[i]?.rank ?? 0)) / (1 - f.rank))
  const ratio = (1 - echo.pooled.rank) / (1 - own.pooled.rank)
  const finite = gains.filter(Number.isFinite)
  return {
    name: `locating-${set}-gain-over-echo`,
    meaning: 'wrong ranks of the catalogue echo / ours',
    ...{ ratio: round3(ratio), min: round3(Math.min(...finite)), max: round3(Math.max(...finite)) },
    ...{ rounds: own.seeds.length, aim: '> 1', met: ratio > 1, valid: true },
    detail: {
      rank: round3(own.pooled.rank),
      echoRank: round3(echo.pooled.rank),
      recall: round3(own.pooled.recall),
      echoRecall: round3(echo.pooled.recall),
      falsePer1000: round3(own.pooled.falsePer1000),
    },
  }
}

function worstScene(set: SceneSet, own: Score): string {
  const worst = own.seeds.reduce((a, f, i) => (f.rank < (own.seeds[a]?.rank ?? 1) ? i : a), 0)
  const { rank, shelf, recall, falsePer1000 } = own.seeds[worst] as Figures
  return `worst scene ${set}/${worst + 1}: rank ${percent(rank)} %, shelf ${percent(shelf)} %, recall ${percent(recall)} %, false per 1000 ${number(falsePer1000)}`
}

/** More scenes would not move it. */
const boundScenes = 20

function boundTable(bound: ShelvesBound, { places, boards }: ToldFigures, own: Score): string {
  const all = [places, boards, own.pooled]
  const none = all.map(() => '–')
  const rows = [
    ['rank', percent(bound.rank), ...all.map((f) => percent(f.rank))],
    ['recall at 1/1000', percent(bound.recall), ...all.map((f) => percent(f.recallAt1))],
    ['of them exchanged neighbours', percent(bound.swapRecall), ...none],
    ['of them further on their shelf', percent(bound.astrayRecall), ...none],
    ['adjacent pairs, no catalogue', percent(bound.adjacent), ...none],
    ['shelf', '–', ...all.map((f) => percent(f.shelf))],
    ['recall', '–', ...all.map((f) => percent(f.recall))],
    ['false per 1000', '–', ...all.map((f) => number(f.falsePer1000))],
  ]
  const { method } = own
  return table(['%', 'bound', `${method}, told places`, 'told boards, too', `${method}`], rows)
}

function sayBound(set: SceneSet, scenes: number, own: Score, say: Say) {
  const used = Math.min(scenes, boundScenes)
  const rows = Array.from({ length: used }, (_, i) => boundRows(set, i + 1)).flat()
  const kernel = shelvesKernel(rows)
  const bound = shelvesBound(rows, kernel)
  const about = `${used} scenes, ${bound.planted} misplaced, least σ ${number(bound.sigmaCm)} cm in the middle`
  const told = toldFigures(set, scenes, kernel)
  say(
    `\nThe bound (${about}), and an oracle that tells the locator places as exact as that (all scenes):\n\n${boundTable(bound, told, own)}`,
  )
}

/** `methods` begins with the locator and the echo. Prints the tables of one set of scenes. */
export function shelvesBench(
  set: SceneSet,
  methods: readonly Method[],
  scenes: number,
  say: Say,
): Figure[] {
  const scores = evaluate(
    methods,
    Array.from({ length: scenes }, (_, i) => () => [drawCase(set, i + 1)]),
  )
  const [own, echo] = scores as [Score, Score]
  say(
    `\n### Steel shelves, ${set}, ${scenes} scenes, ${own.tally.read} boxes read, ${own.tally.moved} misplaced\n`,
  )
  say(`${columnsTable(placeColumns, scores)}\n\n${worstScene(set, own)}`)
  say(`\nWhat was silent, of ${own.method}:\n\n${silenceTable(own)}`)
  say(`\nConfidence of ${own.method}, bands with at least 200 answers:\n\n${bandTable(own)}`)
  sayBound(set, scenes, own, say)
  return [...aims.map((aim) => aimFigure(set, aim, own)), gainFigure(set, own, echo)]
}
