/** Runs one of our programs with LANTAI_TEST_DATABASE_URL set to a scratch PostgreSQL: `with-database.ts <entry>`. */
import { startScratch } from '../postgres/scratch.ts'
import { runToEnd } from '../supervise/one-shot.ts'
import { systemClock } from '../system-clock.ts'

const [entry] = process.argv.slice(2)
if (!entry) {
  process.stderr.write('usage: with-database.ts <entry from the root of the checkout>\n')
  process.exit(64)
}
const giveUp = new AbortController()
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => giveUp.abort())

await using scratch = await startScratch(systemClock)
const { code, said } = await runToEnd({
  entry,
  env: { LANTAI_TEST_DATABASE_URL: scratch.url },
  signal: giveUp.signal,
})
if (said) process.stdout.write(`${said}\n`)
process.exitCode = code ?? 1
