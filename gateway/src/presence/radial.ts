import { gate } from './constants.ts'
import type { Heard } from './walk.ts'

const lightMmPerMs = 299_792_458
/** Middle of the UHF bands of China and America, for readers that do not name their channel; Europe's is 6 % off. */
const usualKhz = 920_000

/** How fast a tag moved away from one antenna (negative: towards it) around a moment. */
export interface RadialStep {
  /** Monotonic milliseconds, and how long this speed may be taken to hold. */
  at: number
  lastsMs: number
  /** Millimetres a millisecond, which is metres a second. */
  speed: number
}

/**
 * Radial speeds from phase. Only reads of one antenna and one channel are compared, and only those so close together
 * that somebody walking cannot have gone a quarter of a wavelength: there the difference is unique and nothing is
 * unwrapped on a guess (locating 2). Phase grows with distance: 4πd/λ.
 */
export function radialSteps(reads: readonly Heard[]): RadialStep[] {
  const runs: Run[] = []
  let run: Heard[] = []
  const close = () => {
    const done = runOf(run)
    if (done) runs.push(done)
    run = []
  }
  for (const read of reads) {
    const last = run.at(-1)
    if (last && !comparable(last, read)) close()
    if (read.phaseRad === null) continue
    run.push(read)
    // Short, so that coming nearer and going away are not one mean; the next begins where this one ends.
    if (read.at - (run[0] as Heard).at < gate.phaseSpanMs) continue
    close()
    run = [read]
  }
  close()
  return withLengths(runs)
}

/** Millimetres that the tag came nearer and went away, as far as its phase could be followed. */
export function radialWay(steps: readonly RadialStep[]): { nearer: number; away: number } {
  let nearer = 0
  let away = 0
  for (const { speed, lastsMs } of steps)
    if (speed < 0) nearer -= speed * lastsMs
    else away += speed * lastsMs
  return { nearer, away }
}

const comparable = (a: Heard, b: Heard): boolean =>
  a.channel === b.channel && a.frequencyKhz === b.frequencyKhz && b.at - a.at <= gate.phaseGapMs

interface Run {
  from: number
  to: number
  speed: number
}

function runOf(run: readonly Heard[]): Run | null {
  const first = run[0]
  const last = run.at(-1)
  if (!first || !last || last.at - first.at < gate.phaseRunMs) return null
  let turned = 0
  for (const [i, read] of run.entries()) {
    const before = run[i - 1]
    if (before) turned += wrap((read.phaseRad ?? 0) - (before.phaseRad ?? 0))
  }
  const lambda = lightMmPerMs / (first.frequencyKhz ?? usualKhz)
  const mm = (turned * lambda) / (4 * Math.PI)
  return { from: first.at, to: last.at, speed: mm / (last.at - first.at) }
}

/** Each speed holds half-way to its neighbours, but not for long; nothing is said of the time before and after. */
function withLengths(runs: readonly Run[]): RadialStep[] {
  const most = gate.phaseHoldsMs
  return runs.map(({ from, to, speed }, i) => {
    const before = Math.min(most, (from - (runs[i - 1]?.to ?? from)) / 2)
    const after = Math.min(most, ((runs[i + 1]?.from ?? to) - to) / 2)
    return { at: (from + to) / 2, speed, lastsMs: before + (to - from) + after }
  })
}

const wrap = (rad: number): number => rad - 2 * Math.PI * Math.round(rad / (2 * Math.PI))
