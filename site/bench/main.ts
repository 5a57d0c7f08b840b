/**
 * `npm run bench -- [name …] [--quick | --full]`: JSON lines, one figure a line. Names: start, memory, alarms, ingest,
 * reads, gateway-busy, decode, drain, titles, find-box, locating, presence. Everything runs on this machine alone, ends by
 * itself, and fails only when it could not be measured.
 */
import { join } from 'node:path'
import pg from 'pg'
import { Stage } from '../journeys/stage.ts'
import { choosePort } from '../src/postgres/ports.ts'
import { sharedEngineDir, startScratch } from '../src/postgres/scratch.ts'
import { Site } from '../src/site.ts'
import { systemClock } from '../src/system-clock.ts'
import { tempDir } from '../src/testing.ts'
import { alarmLatency } from './alarm-latency.ts'
import { decodeRate } from './decode.ts'
import { drain } from './drain.ts'
import { Edge } from './edge.ts'
import { type Figure, machine } from './figure.ts'
import { boxByCode } from './find-box.ts'
import { ingest } from './ingest.ts'
import { type LocatingSet, locatingBench, locatingSets } from './locating/bench.ts'
import { radioTrust } from './locating/trust/trust.ts'
import { peakMemory } from './memory.ts'
import { openAlarms, tour } from './people.ts'
import { presence } from './presence/presence.ts'
import { busyMemory, socketToDisk } from './reads.ts'
import { start } from './start.ts'
import { titleSearch } from './title-search.ts'

const say = (line: unknown) => process.stdout.write(`${JSON.stringify(line)}\n`)
const args = process.argv.slice(2)
const quick = args.includes('--quick')
const full = args.includes('--full')
const wanted = args.filter((a) => !a.startsWith('--'))
const options = args.filter((a) => a.startsWith('--'))

async function inScratch(work: (url: string) => Promise<Figure[]>): Promise<Figure[]> {
  await using scratch = await startScratch(systemClock)
  return await work(scratch.url)
}

/** A store whose gateway is the benchmark itself. */
async function asGateway(work: (site: Site) => Promise<Figure[]>): Promise<Figure[]> {
  using dir = tempDir()
  await using site = new Site({
    dataDir: join(dir.path, 'data'),
    engineDir: sharedEngineDir(),
    port: await choosePort(),
    without: ['gateway', 'simulator'],
  })
  await site.start()
  return await work(site)
}

const optionOf = (option: string) =>
  args.find((a) => a.startsWith(`--${option}=`))?.slice(option.length + 3) ?? null
const set = optionOf('set')
const isLocatingSet = (name: string): name is LocatingSet =>
  (locatingSets as readonly string[]).includes(name)
const count = optionOf('count')

const backlogOf = () => {
  if (quick) return 50_000
  return full ? 10_000_000 : 1_000_000
}

const benches: Record<string, () => Promise<Figure[]>> = {
  start: () => start(quick ? 1 : 3),
  memory: async () => {
    await using stage = await Stage.open({ simulator: { SIM_AMBIENT: '1' } })
    const { site } = stage
    return await peakMemory(
      [
        { name: 'gateway', pid: () => site.pid('gateway'), aimMb: 150 },
        { name: 'server', pid: () => site.pid('server'), aimMb: 300 },
      ],
      () => tour(stage, quick ? 1 : 10),
    )
  },
  alarms: async () => {
    await using stage = await Stage.open()
    const open = await openAlarms(stage)
    return await alarmLatency({ site: stage.site, trials: quick ? 10 : 120, ...open })
  },
  ingest: () =>
    asGateway(async (site) => {
      const pool = new pg.Pool({ connectionString: site.databaseUrl('app'), max: 2 })
      await using edge = await Edge.connect(site.edge)
      try {
        return await ingest({
          edge,
          pool,
          site: site.edge.site,
          rows: quick ? 50_000 : 300_000,
          rounds: quick ? 2 : 7,
        })
      } finally {
        await pool.end()
      }
    }),
  reads: () => socketToDisk(quick ? 5000 : 20_000, quick ? 2 : 7),
  'gateway-busy': () => busyMemory(quick ? 5 : 60),
  decode: () => decodeRate(quick ? 500_000 : 4_000_000, quick ? 3 : 7),
  drain: () => drain(backlogOf()),
  titles: () => inScratch((url) => titleSearch(url, quick ? 50_000 : 1_000_000)),
  'find-box': () => inScratch((url) => boxByCode(url, quick ? 100_000 : 10_000_000)),
  presence: async () => presence(quick ? { seeds: 3, minutes: 5 } : { seeds: 12, minutes: 10 }),
  locating: () =>
    locatingBench({
      quick,
      set: set !== null && isLocatingSet(set) ? set : null,
      count: count === null ? null : Number(count),
    }),
  radio: async () => radioTrust(quick, (text) => process.stderr.write(`${text}\n`)),
}

const usage = () => `npm run bench -- [name …] [--quick | --full] [--set=NAME] [--count=N]
  --quick  small sizes, to see that it runs: under 90 s each
  --full   drain: a backlog of 10 million records instead of one million
  --set    locating: one of ${locatingSets.join(', ')}
  --count  locating: so many seeds of the recordings, or so many drawn walks
names: ${Object.keys(benches).join(', ')}
`
if (options.includes('--help')) {
  process.stdout.write(usage())
  process.exit(0)
}
const unknown = [
  ...wanted.filter((name) => !(name in benches)),
  ...options.filter(
    (option) => !['--quick', '--full', `--set=${set}`, `--count=${count}`].includes(option),
  ),
  ...(set === null || isLocatingSet(set) ? [] : [set]),
  ...(count === null || /^[1-9]\d{0,3}$/.test(count) ? [] : [count]),
]
if (unknown.length > 0) {
  process.stderr.write(`no such benchmark or option: ${unknown.join(', ')}\n${usage()}`)
  process.exit(64)
}
say(machine())
for (const [name, run] of Object.entries(benches)) {
  if (wanted.length > 0 && !wanted.includes(name)) continue
  for (const figure of await run()) say(figure)
}
