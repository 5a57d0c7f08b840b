/** A gateway's long backlog goes up while alarms go on happening: how fast, and how late the alarms come. */
import { join } from 'node:path'
import pg from 'pg'
import { choosePort } from '../src/postgres/ports.ts'
import { sharedEngineDir } from '../src/postgres/scratch.ts'
import { Site } from '../src/site.ts'
import { tempDir } from '../src/testing.ts'
import { backlog, fill, outboxMb } from './backlog.ts'
import { Edge } from './edge.ts'
import { type Figure, percentile, round3 } from './figure.ts'
import { timed } from './store.ts'

const contact = 'fire-panel-fault'
const alarmEveryMs = 1000
const alarmAimMs = 5000
const lookEveryMs = 10
/** The same records for the peer, at most. */
const peerRecords = 40_000
const recordsPerBatch = 400
/** As many batches under way as the gateway has over both lanes. */
const window = 8
/** Messages a second that Neuron states for its MQTT application (performance 1). */
const neuronPerSecond = 100

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))

/** What the server has committed: the numbers of its cursor, and whether the alarm is there. */
class Committed {
  readonly #pool: pg.Pool
  constructor(pool: pg.Pool) {
    this.#pool = pool
  }
  async cursors(): Promise<{ reads: bigint; telemetry: bigint }> {
    const { rows } = await this.#pool.query<{ reads: string; telemetry: string }>(
      'select reads, telemetry from gateway_cursor where fenced_at is null',
    )
    return { reads: BigInt(rows[0]?.reads ?? 0), telemetry: BigInt(rows[0]?.telemetry ?? 0) }
  }
  async alarm(present: boolean): Promise<void> {
    for (;;) {
      const { rows } = await this.#pool.query<{ is: boolean }>(
        `select exists (select from alarm where kind = 'fireLinkLost' and active) as is`,
      )
      if (rows[0]?.is === present) return
      await pause(lookEveryMs)
    }
  }
  async epcs(): Promise<string[]> {
    const { rows } = await this.#pool.query<{ epc: string }>('select epc from box order by epc')
    return rows.map((r) => r.epc)
  }
}

/** Flips the contact every second until told to end; milliseconds from the contact to the committed alarm. */
async function alarms(site: Site, committed: Committed, end: AbortSignal): Promise<number[]> {
  const took: number[] = []
  for (let alarm = true; !end.aborted || !alarm; alarm = !alarm) {
    const ms = await timed(async () => {
      await site.control.act('/world/contacts', { input: contact, alarm })
      await committed.alarm(alarm)
    })
    took.push(ms)
    await pause(Math.max(0, alarmEveryMs - ms))
  }
  return took
}

/** Resolves when the cursors have come to these numbers. */
async function reached(committed: Committed, to: { reads: bigint; telemetry: bigint }) {
  for (;;) {
    const now = await committed.cursors()
    if (now.reads >= to.reads && now.telemetry >= to.telemetry) return
    await pause(lookEveryMs * 5)
  }
}

/** The same kind of records by a stranger to our gateway, made before the clock starts: records a second. */
async function ceiling(site: Site, count: number, epcs: readonly string[]): Promise<number> {
  await using edge = await Edge.connect(site.edge)
  const all = [...backlog(count, Date.now(), epcs)]
  const of = (lane: 'reads' | 'telemetry') => all.filter((r) => r.record.lane === lane)
  const [reads, telemetry] = [of('reads'), of('telemetry')]
  const batches = Array.from({ length: Math.ceil(reads.length / recordsPerBatch) }, (_, i) =>
    [reads, telemetry].map((list) => list.slice(i * recordsPerBatch, (i + 1) * recordsPerBatch)),
  ).flat()
  const made = batches.flatMap((list) => {
    const [first] = list
    if (!first) return []
    const { lane, type } = first.record
    return [
      edge.encode(
        lane,
        type,
        list.map((r) => r.record.body),
        first.at,
      ),
    ]
  })
  return (count * 1000) / (await timed(() => edge.send(made, window)))
}

export async function drain(count: number): Promise<Figure[]> {
  using dir = tempDir()
  const dataDir = join(dir.path, 'data')
  await using site = new Site({
    dataDir,
    engineDir: sharedEngineDir(),
    port: await choosePort(),
    simulator: { SIM_AMBIENT: '0', SIM_ALARM_DELAY_MS: '0' },
    gateway: { OUTBOX_MAX_MB: String(outboxMb(count)) },
  })
  await site.start()
  await site.settled()
  const pool = new pg.Pool({ connectionString: site.databaseUrl('app'), max: 3 })
  try {
    const committed = new Committed(pool)
    const epcs = await committed.epcs()
    const held = await site.holdDown('gateway')
    const { last, bytes } = fill(join(dataDir, 'gateway', site.edge.gateway), count, epcs)
    const { reads, telemetry } = await committed.cursors()
    held[Symbol.dispose]()
    // Its start looks at every record of the store before it sends the first.
    const opened = await timed(() => reached(committed, { reads: reads + 1n, telemetry }))
    const over = new AbortController()
    const [ms, took] = await Promise.all([
      timed(() => reached(committed, last)).finally(() => over.abort()),
      alarms(site, committed, over.signal),
    ])
    using _ = await site.holdDown('gateway')
    const peer = await ceiling(site, Math.min(count, peerRecords), epcs)
    return [rateFigure({ count, bytes, ms, opened, peer }), alarmFigure(count, took)]
  } finally {
    await pool.end()
  }
}

interface Drained {
  count: number
  bytes: number
  ms: number
  /** Milliseconds from the start of the gateway to its first record at the server. */
  opened: number
  peer: number
}

function rateFigure({ count, bytes, ms, opened, peer }: Drained): Figure {
  const rate = (count * 1000) / ms
  const ratio = round3(rate / peer)
  return {
    name: 'drain-rate',
    meaning:
      'records per second from a backlog to committed, alarms meanwhile / the same records, made before, by an MQTT client in place of the gateway',
    ...{ ratio, min: ratio, max: ratio, rounds: 1 },
    aim: '>= 0.5',
    met: rate / peer >= 0.5,
    valid: true,
    detail: {
      unit: 'records/s',
      product: Math.round(rate),
      peer: Math.round(peer),
      records: count,
      megabytes: round3(bytes / 1e6),
      seconds: round3(ms / 1000),
      secondsToOpen: round3(opened / 1000),
      timesNeuron: round3(rate / neuronPerSecond),
    },
  }
}

function alarmFigure(count: number, took: readonly number[]): Figure {
  const p99 = percentile(took, 99)
  return {
    name: 'drain-alarm-p99',
    meaning: `from a contact to its committed alarm while the backlog drains, p99 / ${alarmAimMs} ms`,
    ratio: round3(p99 / alarmAimMs),
    min: round3(Math.min(...took) / alarmAimMs),
    max: round3(Math.max(...took) / alarmAimMs),
    rounds: took.length,
    aim: '<= 1',
    met: p99 <= alarmAimMs,
    valid: true,
    detail: {
      unit: 'ms',
      p50: round3(percentile(took, 50)),
      p99: round3(p99),
      max: round3(Math.max(...took)),
      records: count,
    },
  }
}
