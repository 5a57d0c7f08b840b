import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestContext, type TestContext } from '../../testing.ts'
import { type LedgerEntry, leafBytes } from './entry.ts'
import { proveEntry } from './proofs.ts'

let t: TestContext
beforeAll(async () => {
  t = await createTestContext()
})
afterAll(async () => {
  await t?.[Symbol.asyncDispose]()
})

const entry = (): LedgerEntry => ({
  id: crypto.randomUUID(),
  event: 'box.issued',
  at: new Date('2026-11-22T06:03:11.119Z'),
  box: 'LT0000001A',
  actor: { id: crypto.randomUUID(), name: '李敏' },
  outcome: 'success',
  detail: '借出',
  object: { card: 'C-7' },
})
const leafAt = async (index: number) =>
  JSON.parse(Buffer.from((await proveEntry(t.ctx, index)).leaf, 'base64').toString('utf8'))

test('L1 the hashed bytes of an event hold type, time, object, actor with version, outcome and a random salt', async () => {
  const one = entry()
  const same = { ...one, id: crypto.randomUUID() }
  await t.ctx.write(async ({ ledger }) => {
    for (const e of [one, same]) ledger.add(e)
  })
  const [first, second] = [await leafAt(0), await leafAt(1)]
  expect(first).toMatchObject({
    id: one.id,
    event: 'box.issued',
    at: '2026-11-22T06:03:11.119Z',
    box: 'LT0000001A',
    actor: one.actor,
    outcome: 'success',
    detail: '借出',
    object: { card: 'C-7' },
    software: expect.stringMatching(/^lantai-server\/\d+\.\d+\.\d+$/),
  })
  // The same facts twice give bytes that nobody can guess from the other.
  for (const leaf of [first, second]) expect(Buffer.from(leaf.salt, 'base64')).toHaveLength(16)
  expect(first.salt).not.toBe(second.salt)
})

test('L1 L2 no field can be changed without changing the bytes', () => {
  const e = entry()
  const place = { site: 'demo', log: 1, at: new Date(0), salt: 'c2FsdA==' }
  const bytes = leafBytes(e, place).toString()
  const changed: Partial<LedgerEntry>[] = [
    { event: 'box.returned' },
    { at: new Date(1) },
    { box: 'LT0000002B' },
    { actor: { name: '王芳' } },
    { outcome: 'refused' },
    { detail: null },
    { object: {} },
  ]
  for (const c of changed) expect(leafBytes({ ...e, ...c }, place).toString()).not.toBe(bytes)
  expect(leafBytes(e, { ...place, salt: 'b3RoZXI=' }).toString()).not.toBe(bytes)
})
