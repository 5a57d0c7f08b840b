/** Runs methods over cases, all on the same reads, and gathers figures by seed. */
import type { LocatingCase, Method } from './case.ts'
import {
  type Figures,
  figuresOf,
  type Spread,
  spreadOf,
  sumOf,
  type Tally,
  tallyOf,
} from './metrics.ts'

export interface Score {
  method: string
  confident: boolean
  /** All seeds together: what is pooled, as calibration and the recall at one in a thousand, comes from here. */
  pooled: Figures
  tally: Tally
  /** Figures of each seed. */
  seeds: Figures[]
}

const secondsOf = (start: NodeJS.CpuUsage) => {
  const { user, system } = process.cpuUsage(start)
  return (user + system) / 1e6
}

/** Time is that of the core, so that other processes do not count. */
export function tallyMethod(method: Method, given: LocatingCase): Tally {
  const start = process.cpuUsage()
  const answer = method.answer(given)
  return tallyOf(given, answer, secondsOf(start))
}

/** `seeds` gives the cases of each seed; they are made anew for every seed and dropped, so that memory stays small. */
export function evaluate(
  methods: readonly Method[],
  seeds: readonly (() => LocatingCase[])[],
): Score[] {
  const tallies = methods.map((): Tally[] => [])
  for (const draw of seeds) {
    const cases = draw()
    for (const [i, method] of methods.entries())
      tallies[i]?.push(sumOf(cases.map((given) => tallyMethod(method, given))))
  }
  return methods.map(({ name, confident }, i) => {
    const own = tallies[i] as Tally[]
    const tally = sumOf(own)
    return { method: name, confident, pooled: figuresOf(tally), tally, seeds: own.map(figuresOf) }
  })
}

export const spreadOver = (score: Score, figure: keyof Figures): Spread =>
  spreadOf(score.seeds.map((f) => f[figure]))
