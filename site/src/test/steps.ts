/** The parts of a test run: each returns what it found and never throws for a test that failed. */
import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readIfThere } from '../data/files.ts'
import { repositoryRoot } from '../supervise/node-process.ts'
import type { GroupName } from './groups.ts'
import type { Tally } from './tally.ts'

const tool = (path: string) => `${repositoryRoot}node_modules/${path}`

/** Runs a command with our terminal for its output; resolves with its exit code. */
function run(
  command: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = process.env,
): Promise<number> {
  return new Promise((resolve) => {
    const child = spawn(command, args, {
      cwd: repositoryRoot,
      env,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    child.once('error', () => resolve(-1))
    child.once('close', (code) => resolve(code ?? -1))
  })
}

/** A tool that is right or wrong as a whole counts as one test. */
async function asOneTest(name: string, command: string, args: readonly string[]): Promise<Tally> {
  const code = await run(command, args)
  return code === 0
    ? { passed: 1, failures: [], skips: [] }
    : { passed: 0, failures: [{ name, reason: `exit code ${code}, see above` }], skips: [] }
}

export const typeCheck = () =>
  asOneTest('type check', process.execPath, [tool('typescript/bin/tsc'), '-b'])
export const lint = () =>
  asOneTest('lint', tool(`@biomejs/cli-linux-${process.arch}/biome`), [
    'ci',
    '--diagnostic-level=warn',
    '.',
  ])

/** One group of Vitest files. */
export async function vitest(
  group: GroupName,
  env: Readonly<Record<string, string>>,
  filters: readonly string[],
): Promise<Tally> {
  const dir = mkdtempSync(join(tmpdir(), 'lantai-tally-'))
  const tally = join(dir, 'tally.json')
  try {
    const code = await run(
      process.execPath,
      [
        '--conditions=source',
        tool('vitest/vitest.mjs'),
        'run',
        '--config',
        `${repositoryRoot}site/src/test/vitest.config.ts`,
        ...filters,
      ],
      { ...process.env, ...env, LANTAI_TALLY: tally, LANTAI_TEST_GROUP: group },
    )
    return judge(group, code, readIfThere(tally))
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** A run that ended badly without naming a failure is one: silence must never look like success. */
function judge(group: GroupName, code: number, text: string | undefined): Tally {
  const found = text === undefined ? undefined : (JSON.parse(text) as Tally)
  const unnamed = { name: `${group} tests`, reason: `Vitest ended with exit code ${code}` }
  if (!found) return { passed: 0, failures: [unnamed], skips: [] }
  return code !== 0 && found.failures.length === 0 ? { ...found, failures: [unnamed] } : found
}
