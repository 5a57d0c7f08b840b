/** `npm test`: everything, closed by one line. `--only=unit|db|peers|field|site` and file filters narrow it. */
import { startScratch } from '../postgres/scratch.ts'
import { systemClock } from '../system-clock.ts'
import { type GroupName, groupNames } from './groups.ts'
import { installPeers } from './peers.ts'
import { lint, typeCheck, vitest } from './steps.ts'
import { closingLine, isGood, sum, type Tally } from './tally.ts'

const args = process.argv.slice(2)
const onlyText = args.find((a) => a.startsWith('--only='))?.slice('--only='.length)
const only = groupNames.find((g) => g === onlyText)
const filters = args.filter((a) => !a.startsWith('--only='))
const print = (text: string) => process.stdout.write(`${text}\n`)

async function database(filter: readonly string[]): Promise<Tally> {
  await using scratch = await startScratch(systemClock)
  return await vitest('db', { LANTAI_TEST_DATABASE_URL: scratch.url }, filter)
}

const runGroup = (group: GroupName) => {
  print(`\n== ${group}`)
  return group === 'db' ? database(filters) : vitest(group, {}, filters)
}

async function everything(): Promise<Tally[]> {
  const tallies: Tally[] = []
  const wanted = only ? [only] : groupNames
  // Packages come while we check what needs none of them.
  const needsPeers = (g: GroupName) => g === 'peers' || g === 'field' || g === 'site'
  const peers = wanted.some(needsPeers) ? installPeers(print) : undefined
  if (!only) {
    print('== type check, lint')
    tallies.push(await typeCheck(), await lint())
  }
  for (const group of wanted) {
    if (needsPeers(group)) await peers
    tallies.push(await runGroup(group))
  }
  return tallies
}

const found = sum(await everything())
const { CI } = process.env
const ci = CI === 'true'
if (found.skips.length > 0) print('\n跳过 · skipped:')
for (const s of found.skips) print(`- ${s.name}: ${s.reason}`)
if (found.failures.length > 0) print('\n失败 · failed:')
for (const f of found.failures) print(`- ${f.name}: ${f.reason}`)
if (ci && found.skips.length > 0) print('CI=true: nothing may be skipped')
print('')
print(closingLine(found))
process.exitCode = isGood(found, ci) ? 0 : 1
