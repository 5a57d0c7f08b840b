export interface Skip {
  readonly name: string
  readonly reason: string
}
export interface Failure {
  readonly name: string
  readonly reason: string
}
/** What a part of the test run has found. */
export interface Tally {
  readonly passed: number
  readonly failures: readonly Failure[]
  readonly skips: readonly Skip[]
}

export const nothing: Tally = { passed: 0, failures: [], skips: [] }

export const sum = (tallies: readonly Tally[]): Tally => ({
  passed: tallies.reduce((n, t) => n + t.passed, 0),
  failures: tallies.flatMap((t) => t.failures),
  skips: tallies.flatMap((t) => t.skips),
})

/** The closing line, alone on its line. */
export const closingLine = (t: Tally) =>
  `${t.passed} passed, ${t.failures.length} failed, ${t.skips.length} skipped`

/** A run without any test is no success; with `CI=true` a skip is none either. */
export const isGood = (t: Tally, ci: boolean) =>
  t.failures.length === 0 && t.passed > 0 && !(ci && t.skips.length > 0)
