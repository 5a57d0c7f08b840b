import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { repositoryRoot } from '../../supervise/node-process.ts'
import type { Finding } from './fuzz.ts'

const folder = `${repositoryRoot}contracts/vectors/fuzz/`
const fileOf = (parser: string) => `${folder}${parser}.json`

/** What was ever found, and is tried again with every test run. */
export function knownFindings(): Finding[] {
  if (!existsSync(folder)) return []
  return readdirSync(folder)
    .filter((f) => f.endsWith('.json'))
    .flatMap((f) => JSON.parse(readFileSync(folder + f, 'utf8')) as Finding[])
}

/** Keeps the seed and the bytes of what was found; the same bytes once. */
export function keep(findings: readonly Finding[]) {
  mkdirSync(folder, { recursive: true })
  for (const parser of new Set(findings.map((f) => f.parser))) {
    const known = knownFindings().filter((f) => f.parser === parser)
    const fresh = findings.filter((f) => f.parser === parser && !known.some((k) => k.hex === f.hex))
    writeFileSync(fileOf(parser), `${JSON.stringify([...known, ...fresh], null, 2)}\n`)
  }
}
