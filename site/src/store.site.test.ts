import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { requireSpace } from './data/data-dir.ts'
import { choosePort } from './postgres/ports.ts'
import { sharedEngineDir } from './postgres/scratch.ts'
import { Refusal } from './refusal.ts'
import { openStore } from './store.ts'
import { systemClock } from './system-clock.ts'
import { tempDir } from './testing.ts'

const engineDir = sharedEngineDir()
const open = async (dataDir: string, port?: number) =>
  openStore({ dataDir, engineDir, port: port ?? (await choosePort()) }, systemClock)

async function refusal(opening: Promise<unknown>): Promise<string> {
  const error = await opening.then(
    () => undefined,
    (e: unknown) => e,
  )
  if (!(error instanceof Refusal)) throw new Error(`not refused: ${String(error)}`)
  expect(error.sentence.split('\n')).toHaveLength(1)
  return error.message
}

/** Everything below a directory with its content, to show that nothing was changed. */
const contentOf = (dir: string) =>
  readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((e) => e.isFile())
    .map((e) => [e.name, readFileSync(join(e.parentPath, e.name), 'utf8')])

async function madeStore(dir: string) {
  await using store = await open(dir)
  return store.manifest
}

test('a busy port is refused with one sentence, before anything is written', async () => {
  using dir = tempDir()
  const busy = createServer()
  const port = await choosePort()
  await new Promise<void>((resolve) => busy.listen(port, '127.0.0.1', resolve))
  expect(await refusal(open(dir.path, port))).toMatch(`Port ${port} is in use`)
  expect(readdirSync(dir.path)).toEqual([])
  busy.close()
})

test('a path that cannot be a directory is refused with one sentence', async () => {
  using dir = tempDir()
  writeFileSync(join(dir.path, 'file'), 'x')
  expect(await refusal(open(join(dir.path, 'file', 'data')))).toMatch('cannot be used')
  expect(await refusal(open(join(dir.path, 'file')))).toMatch('cannot be used')
})

test('a directory without permission is refused with one sentence', async () => {
  using dir = tempDir()
  const shut = join(dir.path, 'shut')
  mkdirSync(shut, { mode: 0o500 })
  if (process.getuid?.() === 0) {
    // Root may write anywhere; what stops it is the file system.
    expect(await refusal(open('/proc/lantai'))).toMatch('cannot be used')
    return
  }
  expect(await refusal(open(shut))).toMatch('we may not read and write there')
})

test('a directory that holds somebody else’s files is refused and left alone', async () => {
  using dir = tempDir()
  writeFileSync(join(dir.path, 'thesis.doc'), 'precious')
  expect(await refusal(open(dir.path))).toMatch('is not a data directory of Lantai')
  expect(readFileSync(join(dir.path, 'thesis.doc'), 'utf8')).toBe('precious')
})

test('a directory in use by another Lantai is refused, and free again when that one ends', async () => {
  using dir = tempDir()
  {
    await using _first = await open(dir.path)
    expect(await refusal(open(dir.path))).toMatch('Another Lantai is using')
  }
  await using again = await open(dir.path)
  expect(again.manifest.product).toBe('lantai')
})

test.each([
  ['a newer Lantai', { format: 99 }, /written by a newer Lantai/],
  ['a Lantai that is too old', { format: 0 }, /too old/],
  ['another PostgreSQL', { postgres: 17 }, /holds data of PostgreSQL 17/],
])('the data of %s is refused, and not one byte is changed', async (_name, change, sentence) => {
  using dir = tempDir()
  const manifest = await madeStore(dir.path)
  writeFileSync(join(dir.path, 'lantai.json'), JSON.stringify({ ...manifest, ...change }))
  const before = contentOf(dir.path)
  expect(await refusal(open(dir.path))).toMatch(sentence)
  expect(contentOf(dir.path)).toEqual(before)
})

test('a cluster of another PostgreSQL is refused even when the manifest does not know', async () => {
  using dir = tempDir()
  await madeStore(dir.path)
  mkdirSync(join(dir.path, 'postgres'))
  writeFileSync(join(dir.path, 'postgres', 'PG_VERSION'), '16\n')
  expect(await refusal(open(dir.path))).toMatch('holds data of PostgreSQL 16')
})

test('a manifest that is no manifest is refused', async () => {
  using dir = tempDir()
  writeFileSync(join(dir.path, 'lantai.json'), '{"product":"other"}')
  expect(await refusal(open(dir.path))).toMatch('is not a manifest of Lantai')
})

test('a disk with too little room is refused, and the sentence says how much is missing', () => {
  using dir = tempDir()
  expect(() => requireSpace(dir.path, Number.MAX_SAFE_INTEGER)).toThrow(/MB left and at least/)
  expect(() => requireSpace(dir.path, 1)).not.toThrow()
})

test('the next start keeps the ports and passwords of the last one', async () => {
  using dir = tempDir()
  const seen = []
  for (let i = 0; i < 2; i++) {
    await using store = await open(dir.path)
    const { front: _front, ...ports } = store.ports
    seen.push({ ports, passwords: store.passwords })
  }
  expect(seen[1]).toEqual(seen[0])
})
