import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createTestContext, type TestContext } from '../../testing.ts'
import { writer } from '../../work.ts'
import { createLedger } from './custody.ts'
import { recordKeyChange } from './key-change.ts'
import { currentCheckpoint, describeCheckpoint, proveEntry } from './proofs.ts'
import { checkLedgerAtStart, keepCheckpoint } from './start-check.ts'
import { openCheckpoint } from './verify.ts'
import { verifyFile } from './verify-file.ts'

let t: TestContext
let directory: string
beforeAll(async () => {
  t = await createTestContext()
  directory = await mkdtemp(join(tmpdir(), 'lantai-key-'))
})
afterAll(async () => {
  await t?.[Symbol.asyncDispose]()
  if (directory) await rm(directory, { recursive: true })
})

const newKey = () => generateKeyPairSync('ed25519').privateKey
/** A server with these keys, started on the log `site` as `main.ts` does it; gives why custody is closed. */
async function start(site: string, key: KeyObject, next: KeyObject | null = null) {
  const ledger = createLedger({ site, key, next })
  Object.assign(t.ctx, { ledger, write: writer({ ...t.ctx, append: ledger.append }) })
  const anchor = join(directory, site)
  await checkLedgerAtStart(t.ctx, anchor)
  await recordKeyChange(t.ctx, anchor)
  return ledger.closed
}
const move = () =>
  t.ctx.write(async ({ ledger }) => {
    ledger.add({ event: 'box.moved', actor: { name: '李敏' }, outcome: 'success' })
  })
const note = async () => (await currentCheckpoint(t.ctx)).note
const lines = (...values: object[]) => values.map((v) => JSON.stringify(v)).join('\n')
const wrongs = (text: string, key: string) => verifyFile(text, { key }).findings.map((f) => f.wrong)

test('L5 a change of the key is one entry signed by both, however often the server starts, and so is every checkpoint meanwhile', async () => {
  const [older, newer] = [newKey(), newKey()]
  expect(await start('change', older)).toBeNull()
  await move()
  const { publicKey: before } = t.ctx.ledger
  for (let n = 0; n < 2; n++) expect(await start('change', older, newer)).toBeNull()
  await move()
  const during = await note()
  expect(await currentCheckpoint(t.ctx)).toMatchObject({ size: 3 })
  expect(await start('change', newer)).toBeNull()
  const { publicKey: after } = t.ctx.ledger
  for (const key of [before, after]) expect(openCheckpoint(during, key).ok).toBe(true)
  await move()
  expect(openCheckpoint(await note(), after).ok).toBe(true)
  expect(openCheckpoint(await note(), before).ok).toBe(false)
  await keepCheckpoint(t.ctx, join(directory, 'change'))
  expect(await start('change', newer)).toBeNull()
})

test('L5 L8 who keeps the old key follows the change by its entry, and by nothing less', async () => {
  const [older, newer, third] = [newKey(), newKey(), newKey()]
  await start('follow', older)
  await move()
  const { publicKey: first } = t.ctx.ledger
  await start('follow', older, newer)
  const change = await proveEntry(t.ctx, 1)
  await start('follow', newer, third)
  const second = await proveEntry(t.ctx, 2)
  await start('follow', third)
  await move()
  const [head, entry] = [await describeCheckpoint(t.ctx), await proveEntry(t.ctx, 3)]
  expect(wrongs(lines(entry, second, head, change), first)).toEqual([null, null, null, null])
  const unknown = 'the key id does not fit'
  expect(wrongs(lines(entry, second, head), first)).toEqual([unknown, unknown, unknown])
})

test('L5 L7 a key that was only put in place of the old one closes custody', async () => {
  const older = newKey()
  await start('swapped', older)
  await move()
  expect(await start('swapped', newKey())).toMatch(/key id does not fit/)
  expect(await start('swapped', older)).toBeNull()
})
