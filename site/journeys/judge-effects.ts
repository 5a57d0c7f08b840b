/** Lists of what a gateway made and of what PostgreSQL has, in the same words, for every table that an event reaches. */
import { createHash } from 'node:crypto'
import type { FactBody } from '@lantai/contracts'
import { bodies, type Made } from './outbox-file.ts'
import type { StoreFacts } from './store-facts.ts'

interface Pair {
  readonly made: string[]
  readonly there: string[]
}

const sha = (text: string) => createHash('sha256').update(text).digest('hex')

/** Every record by gateway, store, number, lane and content (rules D6, D7, D14). */
export async function records(made: Made, gateway: string, facts: StoreFacts): Promise<Pair> {
  const rows = await facts.rows<Record<'gateway' | 'epoch' | 'seq' | 'lane' | 'hash', string>>(
    `select gateway, epoch::text, seq::text, lane, encode(hash, 'hex') as hash from inbox`,
  )
  return {
    made: made.records.map((r) => [gateway, made.epoch, r.seq, r.lane, sha(r.content)].join(' ')),
    there: rows.map((r) => [r.gateway, r.epoch, r.seq, r.lane, r.hash].join(' ')),
  }
}

/** Every single reading as a row. */
export async function readings(made: Made, facts: StoreFacts): Promise<Pair> {
  const quantityIds = { temperature: 1, humidity: 2 } as const
  const rows = await facts.rows<{ name: string; quantity: number; ms: string; value: number }>(
    `select s.name, r.quantity, (extract(epoch from r.at) * 1000)::bigint::text as ms, r.value
     from reading r join sensor s using (site_id, sensor_id)`,
  )
  const packed = made.records.filter((r) => r.type === 'lantai.readings.v1')
  return {
    made: packed.flatMap((record) => {
      const body = record.data as unknown as FactBody<'lantai.readings.v1'>
      const start = Date.parse(record.time)
      return body.rows.map((row) => {
        const [s = -1, q = -1, value = Number.NaN, after = 0] = row
        const quantity = body.quantities[q]
        const id = quantity === undefined ? 0 : quantityIds[quantity]
        return [body.sensors[s], id, start + after, Math.fround(value)].join(' ')
      })
    }),
    there: rows.map((r) => [r.name, r.quantity, r.ms, Math.fround(r.value)].join(' ')),
  }
}

/** Every sighting of a box as evidence of where it is. */
export async function evidence(made: Made, facts: StoreFacts): Promise<Pair> {
  const codes = await boxCodes(facts)
  const rows = await facts.rows<{ code: string; by: string; at: Date }>(
    `select b.code, e.by, e.at from evidence e join box b using (site_id, box_id)
     where e.kind = 'sighting'`,
  )
  return {
    made: bodies<FactBody<'lantai.sighting.v1'>>(made, 'lantai.sighting.v1').flatMap((s) => {
      const code = codes.get(s.epc)
      return code ? [[code, s.reader, s.last].join(' ')] : []
    }),
    there: rows.map((r) => [r.code, r.by, r.at.toISOString()].join(' ')),
  }
}

/** Every passage of a box as an entry of the ledger, by the number of its record. */
export async function passages(made: Made, facts: StoreFacts): Promise<Pair> {
  const codes = await boxCodes(facts)
  const rows = await facts.rows<{ box: string; leaf: Buffer }>(
    `select box, leaf from custody_entry where event = 'box.passage'`,
  )
  return {
    made: made.records.flatMap((r) => {
      const code = r.type === 'lantai.passage.v1' && codes.get(String(r.data['epc']))
      return code ? [`${code} ${r.seq}`] : []
    }),
    there: rows.map((r) => {
      const { object } = JSON.parse(r.leaf.toString()) as { object: { seq: string } }
      return `${r.box} ${object.seq}`
    }),
  }
}

/** One alarm, and one entry of the ledger for it, for each box that passed the door without a loan. */
export async function doorAlarms(made: Made, facts: StoreFacts) {
  const codes = await boxCodes(facts)
  const lent = new Set(
    (
      await facts.rows<{ code: string }>(
        `select b.code from loan l join box b using (site_id, box_id) where l.returned_at is null`,
      )
    ).map((r) => r.code),
  )
  const passed = bodies<FactBody<'lantai.passage.v1'>>(made, 'lantai.passage.v1')
  const boxes = new Set(passed.map((p) => codes.get(p.epc)).filter((c) => c !== undefined))
  const rows = await facts.rows<{ box: string }>(
    `select "where" ->> 'box' as box from alarm where kind = 'unlentAtDoor'`,
  )
  const entries = await facts.rows<{ box: string }>(
    `select box from custody_entry where event = 'box.alarm'`,
  )
  return {
    made: [...boxes].filter((code) => !lent.has(code)),
    there: rows.map((r) => r.box),
    inLedger: entries.map((r) => r.box),
  }
}

/** Every stated loss. */
export async function gaps(made: Made, facts: StoreFacts): Promise<Pair> {
  const rows = await facts.rows<Record<'epoch' | 'seq' | 'lane' | 'reason', string>>(
    'select epoch::text, seq::text, lane, reason from gap',
  )
  return {
    made: made.records
      .filter((r) => r.type === 'lantai.gap.v1')
      .map((r) => [made.epoch, r.seq, r.data['lane'], r.data['reason']].join(' ')),
    there: rows.map((r) => [r.epoch, r.seq, r.lane, r.reason].join(' ')),
  }
}

async function boxCodes(facts: StoreFacts): Promise<ReadonlyMap<string, string>> {
  const rows = await facts.rows<{ epc: string; code: string }>('select epc, code from box')
  return new Map(rows.map((r) => [r.epc, r.code]))
}
