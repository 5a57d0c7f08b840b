import {
  type Clock,
  type DeviceEntry,
  hiddenSecret,
  type Millis,
  mapSecrets,
  type TestReport,
} from '@lantai/contracts'
import type { DriverEvent, DriverKind } from '../drivers/driver.ts'
import type { DriverIo } from '../drivers/link/byte-link.ts'
import type { Logger } from './log.ts'
import { instant } from './system-clock.ts'
import { traceIo } from './trace-io.ts'
import { trialText } from './trial-text.ts'

export interface TrialDeps {
  clock: Clock
  log: Logger
  io: DriverIo
  kind: DriverKind
  dataDir?: string
}

type Report = Omit<TestReport, 'text'>

/**
 * Runs one entry for a while, apart from everything else, and says what was seen: nothing of it is a fact. A shelving
 * driver only reads here; nobody can ask it for anything.
 */
export async function tryDevice(
  entry: DeviceEntry,
  forMs: Millis,
  deps: TrialDeps,
): Promise<TestReport> {
  const { clock, log, kind, dataDir } = deps
  const secrets: string[] = []
  const settings = mapSecrets(kind.schema, entry, (secret) => {
    secrets.push(secret)
    return hiddenSecret
  })
  const trace = traceIo(deps.io, clock, secrets)
  const seen = watch(clock)
  const create = await kind.load()
  const { take: emit, explain } = seen
  const hide = (secret: string) => void secrets.push(secret)
  const driverDeps = { clock, log, emit, explain, hide, ...(dataDir ? { dataDir } : {}) }
  const startedAt = clock.now()
  const driver = create(entry, driverDeps, trace.io)
  driver.start()
  await new Promise<void>((resolve) => void clock.after(forMs, resolve))
  await driver[Symbol.asyncDispose]()
  const report: Report = {
    ...{ device: entry.id, driver: entry.driver, startedAt: instant(startedAt), lastedMs: forMs },
    verdict: seen.verdict(),
    settings: JSON.stringify(settings, null, 1).slice(0, 4000),
    ...seen.said,
    ...{ links: trace.links, frames: trace.frames },
    ...{ bytesToDevice: trace.bytes.device, bytesToUs: trace.bytes.us },
  }
  const explained = seen.explained.map((line) => without(secrets, line))
  return { ...report, text: trialText(report, explained).slice(0, 30_000) }
}

/** No driver explains a secret; a device may repeat one. */
const without = (secrets: readonly string[], line: string) =>
  secrets.filter((s) => s !== '').reduce((text, secret) => text.replaceAll(secret, '**'), line)

const mostExplained = 80

/** What a driver said and explained, counted; its health in full, the rest by its first words. */
function watch(clock: Clock) {
  const begun = clock.mono()
  const health: Report['health'] = []
  const events: Report['events'] = {}
  const first: string[] = []
  const explained: string[] = []
  const said = { health, events, first, badFrames: 0 }
  function take(e: DriverEvent) {
    const afterMs = Math.round(clock.mono() - begun)
    events[e.kind] = (events[e.kind] ?? 0) + 1
    if (e.kind === 'health') {
      said.badFrames = e.badFrames
      const detail = e.detail?.slice(0, 300) ?? null
      if (health.length < 50) health.push({ afterMs, state: e.state, detail })
    } else if (first.length < 20) first.push(`${afterMs} ms ${sentence(e)}`.slice(0, 300))
  }
  const content = ['tags', 'readings', 'contact', 'bank', 'odometry']
  const verdict = () => {
    const reached = health.some((h) => h.state === 'online' || h.state === 'degraded')
    // A driver that reaches nobody says "unknown" of every point: that is not the device's word.
    if (reached && content.some((kind) => (events[kind] ?? 0) > 0)) return 'spoke' as const
    return health.some((h) => h.state === 'online') ? ('online' as const) : ('silent' as const)
  }
  const explain = (text: string) => {
    const afterMs = Math.round(clock.mono() - begun)
    if (explained.length < mostExplained) explained.push(`${afterMs} ms ${text}`.slice(0, 400))
  }
  return { take, explain, explained, said, verdict }
}

function sentence(e: Exclude<DriverEvent, { kind: 'health' }>): string {
  const { kind, device: _, ...rest } = e
  return `${kind} ${JSON.stringify(rest)}`
}
