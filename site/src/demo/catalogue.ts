/** The demo store's way in: the simulator's catalogue and our accounts through the server's import door. */
import { appendFileSync, closeSync, openSync, renameSync, rmSync } from 'node:fs'
import { Refusal } from '../refusal.ts'
import { runToEnd } from '../supervise/one-shot.ts'
import { accountLines, type DemoAccount } from './accounts.ts'

/** Exit code of an import that found records and changed nothing. */
const alreadyImported = 3

async function withFile<T>(path: string, flags: string, use: (fd: number) => Promise<T>) {
  const fd = openSync(path, flags, 0o600)
  try {
    return await use(fd)
  } finally {
    closeSync(fd)
  }
}

/** Writes catalogue and accounts to `path`, whole or not at all. Runs beside PostgreSQL's first start. */
export async function generateCatalogue(
  path: string,
  accounts: readonly DemoAccount[],
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const half = `${path}.part`
  const entry = 'firmware-sim/src/catalogue-main.ts'
  const { code, said } = await withFile(half, 'w', (stdout) =>
    runToEnd({ entry, env, stdout, signal }),
  )
  if (code !== 0)
    throw new Refusal('演示数据无法生成', `The demo store could not be generated: ${said}`)
  appendFileSync(
    half,
    accountLines(accounts)
      .map((line) => `${JSON.stringify(line)}\n`)
      .join(''),
  )
  renameSync(half, path)
}

/**
 * Imports the file in one transaction, all or nothing, and removes it. The import reads the file itself: through a
 * pipe of ours our death would look like the end of the catalogue.
 */
export async function importCatalogue(
  path: string,
  env: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<void> {
  const { code, said } = await withFile(path, 'r', (stdin) =>
    runToEnd({ entry: 'server/src/import/main.ts', env, stdin, signal }),
  )
  if (code !== 0 && code !== alreadyImported)
    throw new Refusal('演示数据无法导入', `The demo store could not be imported: ${said}`)
  rmSync(path)
}
