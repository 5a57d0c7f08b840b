/** From MQTT to committed rows, exactly once, against binary COPY of the same rows into the same table (performance 2.1). */
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { Pool } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'
import type { Edge } from './edge.ts'
import { contest, type Figure, round3 } from './figure.ts'
import { seeded, timed } from './store.ts'

const sensors = 200
const quantities = ['temperature', 'humidity'] as const
const rowsPerCommit = 10_000
const polls = rowsPerCommit / (sensors * quantities.length)

const names = Array.from({ length: sensors }, (_, i) => `bench-${i}`)

/** Rows of one batch: every sensor and quantity, `polls` times, ten seconds apart. */
function* rowsOf(
  batch: number,
): Generator<[sensor: number, quantity: number, value: number, ms: number]> {
  const pick = seeded(batch)
  for (let p = 0; p < polls; p++)
    for (let s = 0; s < sensors; s++)
      for (let q = 0; q < quantities.length; q++) yield [s, q, 18 + pick(100) / 10, p * 10_000]
}

/** PostgreSQL's binary COPY format: 19 bytes of head, then each field with its length, big-endian. */
function binaryCopy(site: string, ids: readonly number[], batch: number, startMs: number): Buffer {
  const head = Buffer.from('PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0', 'latin1')
  const name = Buffer.from(site)
  const row = Buffer.alloc(2 + 4 + name.length + 8 + 6 + 12 + 8)
  const parts = [head]
  const epoch2000 = Date.UTC(2000, 0, 1)
  for (const [s, q, value, ms] of rowsOf(batch)) {
    let o = row.writeInt16BE(5, 0)
    o = row.writeInt32BE(name.length, o)
    o += name.copy(row, o)
    o = row.writeInt32BE(ids[s] as number, row.writeInt32BE(4, o))
    o = row.writeInt16BE(q + 1, row.writeInt32BE(2, o))
    o = row.writeBigInt64BE(BigInt(startMs + ms - epoch2000) * 1000n, row.writeInt32BE(8, o))
    row.writeFloatBE(value, row.writeInt32BE(4, o))
    parts.push(Buffer.from(row))
  }
  parts.push(Buffer.from([0xff, 0xff]))
  return Buffer.concat(parts)
}

/** `edge` is a stranger to our gateway code; `pool` may write the table as the server does. */
export async function ingest(o: {
  edge: Edge
  pool: Pool
  site: string
  rows: number
  rounds: number
}): Promise<Figure[]> {
  const commits = Math.ceil(o.rows / rowsPerCommit)
  let batch = 0
  /** Each round writes hours that nobody has written: fresh data of equal size. */
  const start = () => Date.UTC(2026, 9, 1) + batch * polls * 10_000
  const make = () => {
    const rows = [...rowsOf(batch)].map(([s, q, value, ms]) => [s, q, value, ms])
    const made = o.edge.encode(
      'telemetry',
      'lantai.readings.v1',
      [{ sensors: names, quantities, rows }],
      new Date(start()),
    )
    batch++
    return made
  }
  const count = async () =>
    Number((await o.pool.query('select count(*) as n from reading')).rows[0].n)
  // The first batch makes the sensors known, and warms both sides.
  const first = make()
  const bytesOfBatch = first.bytes.length
  await o.edge.send([first], 1)
  const known = await o.pool.query<{ sensor_id: number }>(
    `select sensor_id from sensor where site_id = $1 and name like 'bench-%' order by substr(name, 7)::int`,
    [o.site],
  )
  const ids = known.rows.map((r) => r.sensor_id)
  const exact = async (act: () => Promise<number>) => {
    const before = await count()
    const rate = await act()
    const came = (await count()) - before
    if (came !== commits * rowsPerCommit)
      throw new Error(`${came} rows came, not ${commits * rowsPerCommit}`)
    return rate
  }
  const ours = () =>
    exact(async () => {
      const batches = Array.from({ length: commits }, make)
      return (commits * rowsPerCommit) / ((await timed(() => o.edge.send(batches, 6))) / 1000)
    })
  const copy = () =>
    exact(async () => {
      const made = Array.from({ length: commits }, () => {
        const bytes = binaryCopy(o.site, ids, batch, start())
        batch++
        return bytes
      })
      const client = await o.pool.connect()
      try {
        const ms = await timed(async () => {
          for (const bytes of made)
            await pipeline(
              Readable.from([bytes]),
              client.query(
                copyFrom(
                  'copy reading (site_id, sensor_id, quantity, at, value) from stdin (format binary)',
                ),
              ),
            )
        })
        return (commits * rowsPerCommit) / (ms / 1000)
      } finally {
        client.release()
      }
    })
  return [
    await contest({
      name: 'ingest-mqtt-to-committed',
      meaning:
        'rows per second from MQTT to committed and acknowledged / binary COPY of the same rows, same table and index',
      aim: { atLeast: 0.5 },
      rounds: o.rounds,
      product: ours,
      peer: copy,
      detail: () => ({
        unit: 'rows/s',
        rowsPerRound: commits * rowsPerCommit,
        rowsPerCommit,
        sensors,
        bytesPerRow: round3(bytesOfBatch / rowsPerCommit),
      }),
    }),
  ]
}
