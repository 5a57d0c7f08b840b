/**
 * `npm run bench -- presence [--quick]`: presence at a desk and passages through a gate on generated streams, ours beside
 * what the gateway did before, SMURF and EdgeX, each fed the same reads. The ratio of a figure is ours / theirs, of one
 * more than each count so that none is divided by; the counts themselves stand in `detail`, summed over the seeds.
 */
import { type Figure, median, round3 } from '../figure.ts'
import { clones } from './clones.ts'
import { type DeskScore, judgeDesk } from './desk-judge.ts'
import * as desk from './desk-methods.ts'
import { type DeskKind, type DeskStream, deskKinds, drawDesk } from './desk-stream.ts'
import { type GateScore, judgeGate } from './gate-judge.ts'
import * as gate from './gate-methods.ts'
import { drawGate, type GateStream, gateKinds } from './gate-stream.ts'
import { testSeeds } from './seeds.ts'

/** Looks in one epoch of SMURF, chosen on the development streams: fewest wrong seconds, and as few errors as ours. */
const smurfLooks: Record<DeskKind, { prompt: number; careful: number }> = {
  live: { prompt: 3, careful: 5 },
  quiet: { prompt: 2, careful: 3 },
  rounds: { prompt: 1, careful: 2 },
}
/** … and at the gate the most directions. */
const gateLooks = 2

interface Measure<S> {
  name: string
  meaning: string
  of(score: S): number
}

/** Lower is better in all of them. */
const deskMeasures: readonly Measure<DeskScore>[] = [
  {
    ...{ name: 'false-departures', meaning: 'boxes said to have left while they lay there' },
    of: (s) => 1 + s.falseDepartures,
  },
  {
    ...{ name: 'late', meaning: 'seconds from taking a box away until it is said, median' },
    of: (s) => s.lateP50,
  },
  {
    ...{ name: 'wrong-seconds', meaning: 'share of the time in which what is said is not so' },
    of: (s) => s.wrongShare,
  },
]

const gateMeasures: readonly Measure<GateScore>[] = [
  {
    ...{ name: 'wrong-or-missed', meaning: 'passages missed or said in the wrong direction' },
    of: (s) => 1 + s.wrong + s.missed,
  },
  {
    ...{ name: 'undirected', meaning: 'passages of which the right direction was not said' },
    of: (s) => 1 + s.passages - s.right,
  },
  {
    ...{ name: 'strays', meaning: 'tags that passed nothing, said to have passed' },
    of: (s) => 1 + s.falseStrays,
  },
  {
    ...{ name: 'lying', meaning: 'statements in an hour about one tag that lies near' },
    of: (s) => 1 + s.lyingPerHour,
  },
  {
    ...{ name: 'late', meaning: 'seconds from the door until it is said, median' },
    of: (s) => s.lateP50,
  },
]

export interface PresenceSize {
  seeds: number
  minutes: number
}

export function presence({ seeds, minutes }: PresenceSize): Figure[] {
  return [
    ...deskKinds.flatMap((kind) => {
      const streams = testSeeds(seeds).map((s) => drawDesk(`${s}/${kind}`, kind, minutes))
      return compare(`presence-desk-${kind}`, streams, deskMethods(kind), judgeDesk, deskMeasures)
    }),
    ...gateKinds.flatMap((kind) => {
      const streams = testSeeds(seeds).map((s) => drawGate(`${s}/${kind}`, kind, minutes))
      return compare(`presence-gate-${kind}`, streams, gateMethods, judgeGate, gateMeasures)
    }),
    clones(testSeeds(10 * seeds), minutes),
  ]
}

type Methods<Stream, Said> = Readonly<Record<string, (stream: Stream) => Said>>

const deskMethods = (kind: DeskKind): Methods<DeskStream, desk.Said> => ({
  ours: desk.ours,
  'three-seconds': desk.fixed(3000),
  'smurf-prompt': desk.smurf(smurfLooks[kind].prompt),
  'smurf-careful': desk.smurf(smurfLooks[kind].careful),
  edgex: desk.edgex,
})

const gateMethods: Methods<GateStream, gate.Statement[]> = {
  ours: gate.ours,
  'mean-times': gate.meanTimes,
  smurf: gate.smurf(gateLooks),
  edgex: gate.edgex,
}

function compare<Stream, Said, S extends DeskScore | GateScore>(
  name: string,
  streams: readonly Stream[],
  { ours, ...peers }: Methods<Stream, Said>,
  judge: (stream: Stream, said: Said) => S,
  measures: readonly Measure<S>[],
): Figure[] {
  if (!ours) return []
  const score = (method: (stream: Stream) => Said) => streams.map((s) => judge(s, method(s)))
  const own = score(ours)
  return Object.entries(peers).flatMap(([peer, method]) => {
    const theirs = score(method)
    return measures.map((m) => figureOf(`${name}-${m.name}`, peer, m, own, theirs))
  })
}

function figureOf<S extends DeskScore | GateScore>(
  name: string,
  peer: string,
  { of, meaning }: Measure<S>,
  own: readonly S[],
  theirs: readonly S[],
): Figure {
  // A peer that never said anything has no time at which it said it.
  const ratios = own
    .map((s, i) => of(s) / of(theirs[i] as S))
    .filter((r) => Number.isFinite(r) && r >= 0)
  const ratio = ratios.length > 0 ? median(ratios) : Number.NaN
  return {
    name: `${name}/${peer}`,
    meaning: `${meaning}: ours / ${peer}`,
    ratio: round3(ratio),
    min: round3(Math.min(...ratios)),
    max: round3(Math.max(...ratios)),
    rounds: ratios.length,
    aim: '<= 1',
    met: ratio <= 1,
    valid: ratios.length > own.length / 2,
    detail: { ...totals('ours', own), ...totals(peer, theirs) },
  }
}

/** Counts summed over the seeds, times and shares as the median. */
function totals<S extends DeskScore | GateScore>(whose: string, scores: readonly S[]) {
  const keys = Object.keys(scores[0] ?? {}) as (keyof S & string)[]
  return Object.fromEntries(
    keys.map((key) => {
      const values = scores.map((s) => s[key] as number)
      const counted = values.every(Number.isInteger)
      const told = values.filter(Number.isFinite)
      const value = counted ? values.reduce((a, b) => a + b, 0) : round3(median(told))
      return [`${whose} ${key}`, value]
    }),
  )
}
