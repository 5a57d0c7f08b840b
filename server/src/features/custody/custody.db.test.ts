import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest'
import { createTestContext, type TestContext } from '../../testing.ts'
import { createLedger } from './custody.ts'
import {
  consistencyProof,
  currentCheckpoint,
  describeCheckpoint,
  proveConsistency,
  proveEntry,
  rootAt,
} from './proofs.ts'
import { checkLedgerAtStart, keepCheckpoint } from './start-check.ts'
import { openCheckpoint, verifyConsistency, verifyEntry } from './verify.ts'
import { verifyFile } from './verify-file.ts'
import { takeWitnessed, witnessFrom } from './witness.ts'

let t: TestContext
let directory: string
beforeAll(async () => {
  t = await createTestContext()
  directory = await mkdtemp(join(tmpdir(), 'lantai-ledger-'))
})
afterAll(async () => {
  await t?.[Symbol.asyncDispose]()
  if (directory) await rm(directory, { recursive: true })
})

let log = 0
/** Each test gets a log of its own. */
beforeEach(() => {
  const ledger = createLedger({ site: `site-${++log}`, key: t.ctx.secrets.ledgerKey })
  Object.assign(t.ctx, { ledger })
})

const record = (n: number, id?: string) =>
  t.ctx.db.transaction().execute((trx) =>
    t.ctx.ledger.append(
      trx,
      Array.from({ length: n }, (_, i) => ({
        id: id ?? crypto.randomUUID(),
        event: 'box.moved' as const,
        box: 'LT0000001A',
        actor: { name: '李敏' },
        outcome: 'success' as const,
        detail: `第 ${i} 条`,
        object: {},
      })),
      new Date(t.clock.now()),
    ),
  )
const opened = async () => {
  const { note } = await currentCheckpoint(t.ctx)
  const answer = openCheckpoint(note, t.ctx.ledger.publicKey)
  if (!answer.ok) throw new Error(answer.wrong)
  return answer.checkpoint
}

test('L2 L5 every commit is one signed checkpoint, and every entry is proven by its exact bytes', async () => {
  for (const n of [1, 3, 5]) await record(n)
  expect((await opened()).size).toBe(9)
  for (let index = 0; index < 9; index++)
    expect(verifyEntry(await proveEntry(t.ctx, index), t.ctx.ledger.publicKey)).toBeNull()
})

test('L8 what the routes hand out is a file that holds, from a checkpoint that was kept before', async () => {
  await record(3)
  const { note: kept } = await currentCheckpoint(t.ctx)
  await record(4)
  const answers = [
    await describeCheckpoint(t.ctx),
    await proveConsistency(t.ctx, 3, 7),
    ...(await Promise.all([0, 3, 6].map((index) => proveEntry(t.ctx, index)))),
  ]
  const text = answers.map((a) => JSON.stringify(a)).join('\n')
  const { findings } = verifyFile(text, { key: t.ctx.ledger.publicKey, kept })
  expect(findings.map((f) => f.wrong)).toEqual(answers.map(() => null).concat(null))
  expect(findings.at(-1)?.says).toMatchObject({ event: 'box.moved', detail: '第 3 条' })
})

test('L2 L7 text that no store can keep neither fails an entry nor makes it look changed at the next start', async () => {
  await t.ctx.db.transaction().execute((trx) =>
    t.ctx.ledger.append(
      trx,
      ['\ud83f', 'x\u0000y', '好 🏺'].map((text) => ({
        id: crypto.randomUUID(),
        event: 'box.moved' as const,
        actor: { name: `李${text}` },
        outcome: 'success' as const,
        detail: text,
        object: { reason: text },
      })),
      new Date(t.clock.now()),
    ),
  )
  await checkLedgerAtStart(t.ctx, join(directory, `none-${log}`))
  expect(t.ctx.ledger.closed).toBeNull()
  for (let index = 0; index < 3; index++)
    expect(verifyEntry(await proveEntry(t.ctx, index), t.ctx.ledger.publicKey)).toBeNull()
})

test('L3 twenty writers at once leave a dense log and one consistent tree', async () => {
  await Promise.all(Array.from({ length: 20 }, (_, i) => record((i % 3) + 1)))
  const { size } = await opened()
  const rows = await t.ctx.db
    .selectFrom('custody_entry')
    .select('index')
    .where('site_id', '=', t.ctx.ledger.key.site)
    .orderBy('index')
    .execute()
  expect(rows.map((r) => r.index)).toEqual(Array.from({ length: size }, (_, i) => i))
  expect((await rootAt(t.ctx.db, t.ctx.ledger.key, size)).equals((await opened()).root)).toBe(true)
})

test('L3 the same event id twice is refused, and its whole transaction with it', async () => {
  const id = crypto.randomUUID()
  await record(1, id)
  await expect(record(1, id)).rejects.toThrow(/unique/)
  expect((await opened()).size).toBe(1)
})

test('L4 the app role cannot change, delete or truncate any custody row', async () => {
  await record(1)
  const tables = [
    'custody_entry',
    'custody_node',
    'custody_head',
    'custody_checkpoint',
    'custody_anchor',
    'custody_config_version',
  ]
  const found = await sql<{ name: string }>`select relname as name from pg_class
    where relname like 'custody\\_%' and relkind = 'r' order by 1`.execute(t.ctx.db)
  expect(found.rows.map((r) => r.name)).toEqual([...tables].sort())
  for (const table of tables)
    for (const act of [
      `update ${table} set site_id = 'x'`,
      `delete from ${table}`,
      `truncate ${table}`,
      `drop table ${table}`,
      `alter table ${table} disable trigger all`,
    ])
      await expect(sql.raw(act).execute(t.ctx.db), act).rejects.toThrow(
        /permission denied|must be owner/,
      )
})

test('L6 a witness gets a consistency proof from what it keeps, and its word becomes an anchor', async () => {
  await record(3)
  const old = await opened()
  await record(4)
  const witness = await witnessFrom(t.ctx, 'gw-01', 3)
  const proof = witness?.consistency.map((h) => Buffer.from(h, 'base64')) ?? []
  const now = await opened()
  expect(verifyConsistency(old, now, proof)).toBe(true)
  const at = new Date(t.clock.now()).toISOString()
  const word = { size: now.size, root: now.root.toString('base64'), ok: true, detail: null, at }
  expect(await takeWitnessed(t.ctx, 'gw-01', word)).toBe(true)
  expect(t.ctx.ledger.closed).toBeNull()
})

test('L7 a witness that keeps more than the database has closes custody, with an alarm', async () => {
  await record(2)
  expect(await witnessFrom(t.ctx, 'gw-01', 5)).toBeNull()
  await expect(record(1)).rejects.toMatchObject({ code: 'ledger-closed' })
  const alarms = await t.ctx.db.selectFrom('alarm').select('kind').execute()
  expect(alarms.map((a) => a.kind)).toContain('ledgerInconsistent')
})

test('L6 a witness that keeps nothing and refuses is noted, and closes nothing', async () => {
  await record(2)
  const at = new Date(t.clock.now()).toISOString()
  const word = {
    size: 0,
    root: '',
    ok: false,
    detail: 'signature of the checkpoint is not valid',
    at,
  }
  expect(await takeWitnessed(t.ctx, 'gw-01', word)).toBe(true)
  expect(t.ctx.ledger.closed).toBeNull()
})

test('L7 a witness that keeps another root closes custody', async () => {
  await record(2)
  const at = new Date(t.clock.now()).toISOString()
  const root = Buffer.alloc(32, 7).toString('base64')
  expect(await takeWitnessed(t.ctx, 'gw-01', { size: 1, root, ok: true, detail: null, at })).toBe(
    false,
  )
  expect(t.ctx.ledger.closed).not.toBeNull()
})

test('L7 at start: a witness that disagreed before the restart keeps custody closed; one that refused does not', async () => {
  await record(4)
  const nowhere = join(directory, 'no such file')
  const { root } = await opened()
  const at = new Date(t.clock.now()).toISOString()
  const word = { size: 4, at, detail: 'another log', ok: false }
  const restart = async () => {
    const { site } = t.ctx.ledger.key
    Object.assign(t.ctx, { ledger: createLedger({ site, key: t.ctx.secrets.ledgerKey }) })
    await checkLedgerAtStart(t.ctx, nowhere)
    return t.ctx.ledger.closed
  }
  await takeWitnessed(t.ctx, 'gw-01', { ...word, root: root.toString('base64') })
  expect(await restart()).toBeNull()
  t.clock.advance(1000)
  await takeWitnessed(t.ctx, 'gw-01', { ...word, root: Buffer.alloc(32).toString('base64') })
  expect(await restart()).toMatch(/witness gw-01 has another root at size 4/)
})

test('L7 at start: a database behind the kept checkpoint stays closed; an equal one is open', async () => {
  const file = join(directory, `checkpoint-${log}`)
  await record(5)
  await keepCheckpoint(t.ctx, file)
  await checkLedgerAtStart(t.ctx, file)
  expect(t.ctx.ledger.closed).toBeNull()
  const site = t.ctx.ledger.key.site
  for (const table of ['custody_entry', 'custody_node', 'custody_head', 'custody_checkpoint'])
    await sql`delete from ${sql.table(table)} where site_id = ${site}`.execute(t.database.owner)
  await record(2)
  await checkLedgerAtStart(t.ctx, file)
  expect(t.ctx.ledger.closed).toMatch(/has 5 entries, the database has 2/)
})

test('L7 at start: a kept checkpoint of other content, or one that was edited, closes custody', async () => {
  const file = join(directory, `checkpoint-${log}`)
  await record(3)
  await keepCheckpoint(t.ctx, file)
  const note = await readFile(file, 'utf8')
  await writeFile(file, note.replace('\n3\n', '\n2\n'))
  await checkLedgerAtStart(t.ctx, file)
  expect(t.ctx.ledger.closed).toMatch(/signature/)
})

test.each([
  ['the bytes of an entry', `update custody_entry set leaf = leaf || '\\x20'`],
  ['a column beside the bytes', `update custody_entry set actor = '别人'`],
  ['a node', `update custody_node set hash = sha256(hash) where level = 1`],
])('L2 L7 at start: %s changed behind our back closes custody', async (_, change) => {
  await record(4)
  await sql
    .raw(
      `${change}${change.includes('where') ? ' and' : ' where'} site_id = '${t.ctx.ledger.key.site}'`,
    )
    .execute(t.database.owner)
  await checkLedgerAtStart(t.ctx, join(directory, 'none'))
  expect(t.ctx.ledger.closed).not.toBeNull()
})

test('L5 a head that an import left unsigned is signed at start', async () => {
  await record(2)
  const site = t.ctx.ledger.key.site
  await sql`delete from custody_checkpoint where site_id = ${site}`.execute(t.database.owner)
  await checkLedgerAtStart(t.ctx, join(directory, 'none'))
  expect((await opened()).size).toBe(2)
  expect(t.ctx.ledger.closed).toBeNull()
})

test('sizes of a consistency proof that do not exist are refused', async () => {
  await record(2)
  expect(() => consistencyProof(t.ctx.db, t.ctx.ledger.key, 3, 2)).toThrow(RangeError)
})
