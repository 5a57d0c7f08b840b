import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { itemsOf, newDir, openTest } from './testing.ts'

const child = fileURLToPath(new URL('./crash-child.ts', import.meta.url))

/** Runs the writer until it has acknowledged `enough` records, kills it, and gives what it acknowledged. */
async function killedWriter(dir: string, from: number, enough: number): Promise<number[]> {
  const writer = spawn(process.execPath, ['--conditions=source', child, dir, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const acknowledged: number[] = []
  const lines = createInterface({ input: writer.stdout })
  lines.on('line', (line) => {
    acknowledged.push(Number(line))
    if (acknowledged.length === enough) writer.kill('SIGKILL')
  })
  await Promise.all([once(writer, 'exit'), once(lines, 'close')])
  return acknowledged
}

test('D1 D3 D5: after kill -9 in mid-commit no acknowledged record is missing, seq is dense, the file is whole', async () => {
  const dir = newDir()
  const acknowledged: number[] = []
  for (let kill = 0; kill < 6; kill++) {
    const from = Math.max(-1, ...acknowledged) + 1000
    acknowledged.push(...(await killedWriter(dir, from, 300 + kill * 171)))
  }
  const store = openTest(dir)
  const items = [...itemsOf(store, 'reads'), ...itemsOf(store, 'custody')]
  const rows = [...readAll(store, 'reads'), ...readAll(store, 'custody')]
  const stored = new Set(rows.map((i) => i.data))
  expect(acknowledged.length).toBeGreaterThan(4000)
  expect(acknowledged.filter((n) => !stored.has(n))).toEqual([])
  expect(stored.size).toBe(rows.length)
  const seqs = rows.map((i) => Number(i.seq)).sort((a, b) => a - b)
  expect(seqs).toEqual(seqs.map((_, i) => i + 1))
  expect(store.db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  expect(items.length).toBeGreaterThan(0)
  store.close()
}, 120_000)

function readAll(store: ReturnType<typeof openTest>, lane: 'reads' | 'custody') {
  const all: ReturnType<typeof itemsOf> = []
  for (let after = 0n; ; ) {
    const page = itemsOf(store, lane, after)
    const last = page.at(-1)
    if (!last) return all
    all.push(...page)
    after = BigInt(last.seq)
  }
}
