/** Programs of others that judge ours. Absent ones are named aloud; with CI=true nothing may be absent. */
import { execFile, spawnSync } from 'node:child_process'
import { env } from 'node:process'
import { promisify } from 'node:util'
import { describe } from 'vitest'

export const run = promisify(execFile)

/** A suite that needs a program: skipped with the reason in its name, but never under CI=true. */
export function withPeer(program: string, debianPackage: string, suite: () => void): void {
  const { CI } = env
  const there = spawnSync('which', [program]).status === 0
  if (there || CI === 'true') describe(`judged by ${program}`, suite)
  else describe.skip(`judged by ${program}: not installed (apt install ${debianPackage})`, suite)
}
