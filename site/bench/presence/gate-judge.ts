import { percentile } from '../figure.ts'
import type { Statement } from './gate-methods.ts'
import type { Act, GateStream } from './gate-stream.ts'

export interface GateScore {
  /** Tags carried through, and what was said of them. */
  passages: number
  right: number
  unknown: number
  wrong: number
  missed: number
  /** Statements about a tag beyond the first of its passage. */
  repeated: number
  /** Carried out, and neither out nor unknown was said: no alarm. */
  missedAlarms: number
  outs: number
  /** Tags brought near, wheeled past or lying there of which a passage was said, and how many of each there were. */
  strays: number
  falseStrays: number
  /** Of tags lying near: statements in an hour of one tag. */
  lyingPerHour: number
  /** From the door until it is said, of passages that were said: seconds. */
  lateP50: number
  lateP90: number
}

/** Something said so long after a tag has left still belongs to its walk: SMURF's windows are slow to empty. */
const graceMs = 8000

/** What was said, held against the truth. */
export function judgeGate(stream: GateStream, said: readonly Statement[]): GateScore {
  const score = { right: 0, unknown: 0, wrong: 0, missed: 0, repeated: 0, missedAlarms: 0 }
  const late: number[] = []
  const passages = stream.acts.filter((a) => a.happening.what === 'passage')
  const taken = new Set<Statement>()
  for (const act of passages) {
    const about = said.filter((s) => belongs(s, act) && !taken.has(s))
    for (const s of about) taken.add(s)
    const [first, ...more] = about
    score.repeated += more.length
    if (act.happening.direction === 'out' && about.every((s) => s.direction === 'in'))
      score.missedAlarms++
    if (!first) score.missed++
    else {
      // The last word counts: that is where the box is believed to be.
      score[verdict((about.at(-1) as Statement).direction, act)]++
      late.push(first.at - act.door)
    }
  }
  const strays = stream.acts.filter((a) => a.happening.direction === null)
  const lying = strays.filter((a) => a.happening.what === 'lying')
  const cries = lying.reduce((n, a) => n + said.filter((s) => belongs(s, a)).length, 0)
  return {
    ...score,
    passages: passages.length,
    outs: passages.filter((a) => a.happening.direction === 'out').length,
    strays: strays.length,
    falseStrays: strays.filter((a) => said.some((s) => !taken.has(s) && belongs(s, a))).length,
    lyingPerHour: cries / (lying.length || 1) / (stream.lastsMs / 3_600_000),
    lateP50: percentile(late, 50) / 1000,
    lateP90: percentile(late, 90) / 1000,
  }
}

const belongs = (s: Statement, a: Act): boolean =>
  s.epc === a.epc && s.at >= a.from && s.at <= a.to + graceMs

const verdict = (direction: Statement['direction'], act: Act) => {
  if (direction === 'unknown') return 'unknown'
  return direction === act.happening.direction ? 'right' : 'wrong'
}
