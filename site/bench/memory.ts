/** Proportional set size of a process and everything below it, as the kernel counts it. */
import { readdirSync, readFileSync } from 'node:fs'
import type { Figure } from './figure.ts'
import { round3 } from './figure.ts'

const children = (): Map<number, number[]> => {
  const below = new Map<number, number[]>()
  for (const entry of readdirSync('/proc')) {
    if (!/^\d+$/.test(entry)) continue
    const stat = orNothing(`/proc/${entry}/stat`)
    const parent = Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1])
    below.set(parent, [...(below.get(parent) ?? []), Number(entry)])
  }
  return below
}

/** A process may end between two looks; then it holds no memory. */
function orNothing(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}

export function pssMb(root: number): number {
  const below = children()
  const tree = (pid: number): number[] => [pid, ...(below.get(pid) ?? []).flatMap(tree)]
  const kb = (pid: number) =>
    Number(/^Pss:\s+(\d+)/m.exec(orNothing(`/proc/${pid}/smaps_rollup`))?.[1] ?? 0)
  return tree(root).reduce((sum, pid) => sum + kb(pid), 0) / 1024
}

/** Looks every half second while `work` runs, and reports the peak against the aim. */
export async function peakMemory(
  of: readonly { name: string; pid: () => number | undefined; aimMb: number }[],
  work: () => Promise<unknown>,
): Promise<Figure[]> {
  const seen = of.map(() => [] as number[])
  const look = () => {
    for (const [i, p] of of.entries()) {
      const pid = p.pid()
      if (pid) seen[i]?.push(pssMb(pid))
    }
  }
  const timer = setInterval(look, 500)
  try {
    await work()
  } finally {
    clearInterval(timer)
  }
  look()
  return of.map((p, i): Figure => {
    const all = seen[i] as number[]
    const peak = Math.max(...all)
    return {
      name: `memory-${p.name}`,
      meaning: `peak PSS of the process tree of ${p.name} under the demo / the aim`,
      ratio: round3(peak / p.aimMb),
      min: round3(Math.min(...all) / p.aimMb),
      max: round3(peak / p.aimMb),
      rounds: all.length,
      aim: '<= 1',
      met: peak <= p.aimMb,
      valid: true,
      detail: { unit: 'MB', peak: round3(peak), aim: p.aimMb },
    }
  })
}
