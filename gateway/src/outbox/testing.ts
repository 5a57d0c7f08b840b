import { mkdtempSync, rmSync, writeSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { BatchItem, Lane } from '@lantai/contracts'
import { openStore } from './open.ts'
import { type Limits, limitsOf, type NewRecord } from './types.ts'

export const boot = '3f0c6f0e-6b7e-4a52-9f5e-0c1d2e3f4a5b'

const made: string[] = []
process.on('exit', () => {
  for (const dir of made) rmSync(dir, { recursive: true, force: true })
})

/**
 * Writes whole to standard output, straight to the descriptor: what is in a buffer when the kill comes was never said.
 * A pipe that is full takes nothing until its reader comes to it.
 */
export function sayAtOnce(text: string) {
  let rest = Buffer.from(text)
  while (rest.length > 0)
    try {
      rest = rest.subarray(writeSync(1, rest))
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'EAGAIN')) throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
    }
}

export function newDir() {
  const dir = mkdtempSync(join(tmpdir(), 'lantai-outbox-'))
  made.push(dir)
  return dir
}

/** A store on a real file; its time goes on by one second with every look. */
export function openTest(dir: string, limits: Partial<Limits> = {}, ofBoot = boot) {
  let now = Date.UTC(2026, 10, 22, 6)
  const stamp = () => {
    now += 1000
    return { nowMs: now, boot: ofBoot, monoUs: 1, clock: 'synced' }
  }
  return openStore(dir, { ...limitsOf(16), ...limits }, stamp)
}

export const record = (
  lane: Lane,
  data: unknown,
  more: Partial<NewRecord> & { boot?: string } = {},
): NewRecord => ({
  lane,
  at: Date.UTC(2026, 10, 22),
  key: null,
  reserve: false,
  rest: JSON.stringify({
    type: 'lantai.sighting.v1',
    subject: 'desk-1',
    time: '2026-11-22T06:03:11.119Z',
    boot: more.boot ?? boot,
    mono: 1,
    clock: 'synced',
    data,
  }),
  ...more,
})

type Store = ReturnType<typeof openTest>

export const itemsOf = (store: Store, lane: Lane, after = 0n): BatchItem[] =>
  store.read(lane, after, 10_000, 1e9).items.map((i) => JSON.parse(i) as BatchItem)

export const cursors = (n: Partial<Record<Lane, string>>) => ({
  alarm: '0',
  custody: '0',
  reads: '0',
  telemetry: '0',
  ...n,
})
