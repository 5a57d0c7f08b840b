import { gate } from './constants.ts'
import { type RadialStep, radialSteps, radialWay } from './radial.ts'
import type { Heard } from './walk.ts'

/**
 * What of a walk speaks for out (positive) or in (negative), and what speaks for a passage at all. Antenna 1 is inside,
 * 2 outside. Each number is scaled to about one; what the reads cannot tell is 0.
 */
export interface WalkFeatures {
  toward: readonly number[]
  passage: readonly number[]
}

interface Side {
  reads: readonly Heard[]
  steps: readonly RadialStep[]
}

export function walkFeatures(reads: readonly Heard[]): WalkFeatures {
  const inside = sideOf(reads, 1)
  const outside = sideOf(reads, 2)
  const first = reads[0]?.at ?? 0
  const last = reads.at(-1)?.at ?? 0
  const edge = Math.min(gate.edgeMs, (last - first) / 2.5)
  const start = levels(reads.filter((r) => r.at <= first + edge))
  const end = levels(reads.filter((r) => r.at >= last - edge))
  const whole = levels(reads)
  const toward = [
    clamp(lead(inside.reads, outside.reads), 4) / 2,
    clamp(end.difference - start.difference, 30) / 10,
    end.share - start.share,
    clamp(pathDifference(inside, outside) / 1000, 2),
    clamp((lean(inside.steps) - lean(outside.steps)) / 1000, 2),
    clamp(peakLead(inside.reads, outside.reads) / 1000, 2),
    oneWay(inside.steps) - oneWay(outside.steps),
    change(reads) / 3,
  ]
  const seconds = (last - first) / 1000
  const weaker = Math.min(whole.inside, whole.outside)
  const stronger = Math.max(whole.inside, whole.outside)
  const both = radialWay([...inside.steps, ...outside.steps])
  const passage = [
    1,
    ...toward.map(Math.abs),
    Math.log(reads.length) / 3,
    Math.log(0.2 + seconds),
    Math.log(0.2 + seconds) ** 2 / 4,
    (stronger + 50) / 10,
    clamp(weaker + 60, 40) / 10,
    (whole.inside - whole.outside) / 20,
    Math.abs(whole.inside - whole.outside) / 20,
    clamp((stronger - start.strongest) / 10, 3),
    clamp((stronger - end.strongest) / 10, 3),
    clamp((start.difference * end.difference) / 100, 4),
    clamp(Math.min(both.nearer, both.away) / 1000, 3),
  ]
  return { toward, passage }
}

const sideOf = (reads: readonly Heard[], antenna: number): Side => {
  const own = reads.filter((r) => r.antenna === antenna)
  return { reads: own, steps: radialSteps(own) }
}

/** Strongest levels of the two antennas in a part of the walk; one that heard nothing counts as just too weak. */
function levels(reads: readonly Heard[]) {
  const of = (antenna: number) => reads.filter((r) => r.antenna === antenna)
  const inside = strongest(of(1))
  const outside = strongest(of(2))
  const n = { inside: of(1).length, outside: of(2).length }
  return {
    ...{ inside, outside, strongest: Math.max(inside, outside) },
    difference: outside - inside,
    share: n.outside / (n.inside + n.outside || 1),
  }
}

/** Mean of the upper quarter, so that one lucky read does not decide; a reader without RSSI gives one level for all. */
function strongest(reads: readonly Heard[]): number {
  if (reads.length === 0) return gate.unheardDbm
  const sorted = reads.map((r) => r.rssiDbm ?? gate.plainDbm).sort((a, b) => b - a)
  const upper = sorted.slice(0, Math.ceil(sorted.length / 4))
  return Math.max(gate.unheardDbm, mean(upper))
}

/** By how much the outer antenna heard it later, in standard errors; reads of one tenth of a second count once. */
function lead(inside: readonly Heard[], outside: readonly Heard[]): number {
  const a = centre(inside)
  const b = centre(outside)
  if (!a || !b) return 0
  return (b.at - a.at) / Math.sqrt(a.variance + b.variance + gate.centreMs ** 2)
}

function centre(reads: readonly Heard[]): { at: number; variance: number } | null {
  const top = Math.max(...reads.map((r) => r.rssiDbm ?? gate.plainDbm))
  const weighed = reads.map((r) => ({
    at: r.at,
    w: 10 ** (((r.rssiDbm ?? gate.plainDbm) - top) / 20),
  }))
  const sum = weighed.reduce((n, r) => n + r.w, 0)
  if (sum === 0) return null
  const at = weighed.reduce((n, r) => n + r.w * r.at, 0) / sum
  const spread = weighed.reduce((n, r) => n + r.w * (r.at - at) ** 2, 0) / sum
  const first = reads[0]?.at ?? 0
  const looks = new Set(reads.map((r) => Math.floor((r.at - first) / 100))).size
  return { at, variance: spread / looks }
}

/** Milliseconds from the strongest moment at the inner antenna to that at the outer one. */
function peakLead(inside: readonly Heard[], outside: readonly Heard[]): number {
  const a = peak(inside)
  const b = peak(outside)
  return a === null || b === null ? 0 : b - a
}

function peak(reads: readonly Heard[]): number | null {
  const levels = reads.map((r) => r.rssiDbm ?? gate.plainDbm)
  const top = Math.max(...levels)
  const near = reads.filter((_, i) => (levels[i] ?? 0) > top - 3)
  return near.length === 0 ? null : mean(near.map((r) => r.at))
}

/** Millimetres that it came nearer to this antenna more than it went away. */
const lean = (steps: readonly RadialStep[]): number => {
  const { nearer, away } = radialWay(steps)
  return nearer - away
}

/**
 * A tag that only came nearer (1) or only went away (-1) for half a metre and more, where the antenna does not hear the
 * other side of the wall: the one sign of a direction that a single antenna can give. 0 for everything between.
 */
function oneWay(steps: readonly RadialStep[]): number {
  const { nearer, away } = radialWay(steps)
  const most = Math.max(nearer, away)
  const purity = Math.max(0, 1 - (4 * Math.min(nearer, away)) / (most || 1))
  return Math.sign(nearer - away) * purity * Math.min(1, most / 1000)
}

/**
 * The best moment at which the inner antenna's walk could have become the outer's, against the best moment for the
 * reverse: root of the reads that speak for each, weighed by how far they are above the weakest that can be heard.
 */
function change(reads: readonly Heard[]): number {
  let sum = 0
  const running = reads.map((r) => {
    const weight = Math.max(1, (r.rssiDbm ?? gate.plainDbm) - gate.unheardDbm) / 20
    if (r.antenna === 1) sum -= weight
    if (r.antenna === 2) sum += weight
    return sum
  })
  // Before the moment the sum falls to it (all inside), after it it rises (all outside).
  const out = running.reduce((best, at) => Math.max(best, sum - 2 * at), sum)
  const back = running.reduce((best, at) => Math.max(best, 2 * at - sum), -sum)
  return Math.sqrt(Math.max(0, out)) - Math.sqrt(Math.max(0, back))
}

/** By how many millimetres the way from the inner antenna grew more than that from the outer one, where both are known. */
function pathDifference(inside: Side, outside: Side): number {
  const from = Math.max(inside.steps[0]?.at ?? Infinity, outside.steps[0]?.at ?? Infinity)
  const to = Math.min(inside.steps.at(-1)?.at ?? -Infinity, outside.steps.at(-1)?.at ?? -Infinity)
  if (!(from < to)) return 0
  const around = (steps: readonly RadialStep[]) =>
    steps
      .filter((s) => s.at >= from - gate.phaseHoldsMs && s.at <= to + gate.phaseHoldsMs)
      .reduce((mm, s) => mm + s.speed * s.lastsMs, 0)
  return around(inside.steps) - around(outside.steps)
}

const mean = (of: readonly number[]): number => of.reduce((a, b) => a + b, 0) / of.length
const clamp = (n: number, most: number): number => Math.max(-most, Math.min(most, n))
