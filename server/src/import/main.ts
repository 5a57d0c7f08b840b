/**
 * `node import/main.ts < catalogue.ndjson`: fills an empty site. Prints the counts as JSON. Exit codes: 0 done,
 * 3 the site already holds records, 65 lines are wrong (listed on standard error), 78 configuration is wrong.
 */
import { createHash } from 'node:crypto'
import { Name } from '@lantai/contracts'
import { Type } from 'typebox'
import { readConfig } from '../config.ts'
import { migrate, readMigrations } from '../db/migrate.ts'
import { createPool } from '../db/pool.ts'
import { ImportRefused, SiteNotEmpty } from './faults.ts'
import { loadCatalogue } from './load.ts'
import type { CatalogueParser } from './parse.ts'

const Config = Type.Object({
  LANTAI_SITE: Name,
  OWNER_DATABASE_URL: Type.String({ pattern: '^postgres(ql)?://' }),
})

async function readLines(from: AsyncIterable<Buffer>, parser: CatalogueParser) {
  const hash = createHash('sha256')
  const decoder = new TextDecoder('utf-8', { fatal: true })
  let rest = ''
  for await (const chunk of from) {
    hash.update(chunk)
    const lines = (rest + decoder.decode(chunk, { stream: true })).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) parser.line(line)
  }
  rest += decoder.decode()
  if (rest !== '') parser.line(rest)
  return { sha256: hash.digest('hex') }
}

function explain(err: unknown): { code: number; message: string } {
  if (err instanceof SiteNotEmpty)
    return { code: 3, message: `${err.message}; nothing was imported` }
  if (err instanceof ImportRefused) {
    const lines = err.faults.map((f) => `line ${f.line}: ${f.reason}`)
    const more = err.count - err.faults.length
    if (more > 0) lines.push(`and ${more} more`)
    return { code: 65, message: [err.message, ...lines].join('\n') }
  }
  if (err instanceof TypeError && /utf-8|encoded data/i.test(err.message))
    return { code: 65, message: 'the input is not UTF-8; nothing was imported' }
  return { code: 1, message: `import failed: ${(err as Error).message}` }
}

/** A first import comes before the first server start, into a database that is still empty. */
async function bringUpToDate() {
  const client = await pool.connect()
  try {
    await migrate(client, await readMigrations())
  } finally {
    client.release()
  }
}

const read = readConfig(Config, process.env)
if (!read.ok) {
  console.error(read.wrong.join('\n'))
  process.exit(78)
}
const pool = createPool(read.config.OWNER_DATABASE_URL, { max: 1, name: 'lantai-import' })
try {
  const site = read.config.LANTAI_SITE
  await bringUpToDate()
  const counts = await loadCatalogue(
    pool,
    site,
    (parser) => readLines(process.stdin, parser),
    new Date(),
  )
  console.log(JSON.stringify(counts))
} catch (err) {
  const { code, message } = explain(err)
  console.error(message)
  process.exitCode = code
} finally {
  await pool.end()
}
