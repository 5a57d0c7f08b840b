import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { itemsOf, newDir, openTest } from './testing.ts'

/** Runs a child until it has said `enough` lines, kills it, and gives what it said. */
async function killed(child: string, dir: string, from: number, enough: number): Promise<string[]> {
  const file = fileURLToPath(new URL(child, import.meta.url))
  const writer = spawn(process.execPath, ['--conditions=source', file, dir, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const said: string[] = []
  const lines = createInterface({ input: writer.stdout })
  lines.on('line', (line) => {
    said.push(line)
    if (said.length === enough) writer.kill('SIGKILL')
  })
  const [[, signal]] = await Promise.all([once(writer, 'exit'), once(lines, 'close')])
  expect(signal).toBe('SIGKILL')
  return said
}

test('D1 D3 D5: after kill -9 in mid-commit no acknowledged record is missing, seq is dense, the file is whole', async () => {
  const dir = newDir()
  const acknowledged: number[] = []
  for (let kill = 0; kill < 6; kill++) {
    const from = Math.max(-1, ...acknowledged) + 1000
    const said = await killed('./crash-child.ts', dir, from, 300 + kill * 171)
    acknowledged.push(...said.map(Number))
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

test('D2 G1: with the link up nothing is sent before it is on disk: what a killed gateway had sent, it still has', async () => {
  const dir = newDir()
  const sent: string[] = []
  for (let kill = 0; kill < 6; kill++)
    sent.push(...(await killed('./sender-child.ts', dir, kill * 1_000_000, 200 + kill * 137)))
  const store = openTest(dir)
  const rows = [...readAll(store, 'reads'), ...readAll(store, 'custody')]
  const onDisk = new Map(rows.map((i) => [i.seq, i.data]))
  expect(sent.length).toBeGreaterThan(3000)
  for (const line of sent) {
    const [seq = '', data = ''] = line.split(' ')
    expect(onDisk.get(seq)).toBe(Number(data))
  }
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
