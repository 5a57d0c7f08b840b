/** A box by its code among ten million, through SQL, against `select 1` on the same connection (performance 2.5). */
import { createDb, createPool, findBox } from '@lantai/server'
import { sql } from 'kysely'
import { contest, type Figure, percentile } from './figure.ts'
import { asClient, freshStore, seeded, timed } from './store.ts'

const lookups = 4000

/** Distinct codes of the documented form for every row: an odd factor permutes the 32-bit numbers. */
const codeSql = `'LT' || upper(lpad(to_hex((i * 2654435761) % 4294967296), 8, '0'))`
const codeOf = (i: number) =>
  `LT${((BigInt(i) * 2654435761n) % 4294967296n).toString(16).toUpperCase().padStart(8, '0')}`

async function fill(url: string, boxes: number) {
  await asClient(url, async (client) => {
    const { rows } = await client.query(
      `select indexname, indexdef from pg_indexes where tablename = 'box' and indexname <> 'box_pkey'`,
    )
    for (const r of rows) await client.query(`drop index ${r.indexname}`)
    await client.query('alter table box drop constraint box_pkey cascade')
    await client.query(
      `insert into box (site_id, box_id, code, epc, tid, spine_mm, secrecy, registered_at)
       select 'bench', gen_random_uuid(), ${codeSql}, '34' || upper(lpad(to_hex(i), 22, '0')),
              'E2' || upper(lpad(to_hex(i), 22, '0')), 30, 0, now()
       from generate_series(1::bigint, $1) as i`,
      [boxes],
    )
    await client.query(`set maintenance_work_mem = '1GB'`)
    await client.query('alter table box add primary key (site_id, box_id)')
    for (const r of rows) await client.query(r.indexdef)
    await client.query('vacuum analyze box')
  })
}

export async function boxByCode(clusterUrl: string, boxes: number): Promise<Figure[]> {
  const url = await freshStore(clusterUrl, 'bench_box')
  const loadMs = await timed(() => fill(url, boxes))
  const pool = createPool(url, { max: 1 })
  const db = createDb(pool)
  const pick = seeded(20261122)
  const find = async () => {
    const box = await findBox(db, 'bench', codeOf(1 + pick(boxes)))
    if (!box) throw new Error('a box that was stored was not found')
  }
  const one = () => sql`select 1`.execute(db)
  const latencies = async (act: () => Promise<unknown>) => {
    const all: number[] = []
    for (let i = 0; i < lookups; i++) all.push(await timed(act))
    return all
  }
  await latencies(find)
  await latencies(one)
  const figures: Figure[] = []
  for (const [p, atMost, spread] of [
    [50, 1.5, 1.2],
    [99, 3, 2],
  ] as const)
    figures.push(
      await contest({
        name: `find-box-p${p}`,
        meaning: `box by code among ${boxes} through SQL / select 1: p${p} latency`,
        aim: { atMost },
        rounds: 7,
        peerSpread: spread,
        product: async () => percentile(await latencies(find), p),
        peer: async () => percentile(await latencies(one), p),
        detail: () => ({
          unit: 'ms',
          boxes,
          lookupsPerRound: lookups,
          loadSeconds: Math.round(loadMs / 1000),
        }),
      }),
    )
  await db.destroy()
  return figures
}
