import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import { BatchItem } from '@lantai/contracts'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { append } from './append.ts'
import { acknowledge } from './release.ts'
import { openDurable } from './sqlite.ts'
import { cursors, itemsOf, newDir, openTest, record } from './testing.ts'
import { stateLostKey } from './types.ts'

const call = (...records: ReturnType<typeof record>[]) => ({ records, puts: [] })

test('D4: every durability pragma is read back, and a file that cannot keep them is refused', () => {
  const db = openDurable(join(newDir(), 'x.db'))
  expect(db.prepare('PRAGMA synchronous').get()).toEqual({ synchronous: 2n })
  expect(db.prepare('PRAGMA journal_mode').get()).toEqual({ journal_mode: 'wal' })
  db.close()
  expect(() => openDurable(':memory:')).toThrow(/journal_mode is memory, not wal \(D4\)/)
})

test('D5 D10: seq is dense over all lanes, prev names the predecessor of the lane, items match the contract', () => {
  const store = openTest(newDir())
  append(store, [call(record('custody', 1), record('alarm', 2)), call(record('custody', 3))])
  const items = itemsOf(store, 'custody')
  expect(items.map((i) => [i.seq, i.prev])).toEqual([
    ['1', '0'],
    ['3', '1'],
  ])
  expect(itemsOf(store, 'alarm')[0]).toMatchObject({ seq: '2', prev: '0' })
  for (const i of items) expect(Value.Check(BatchItem, i)).toBe(true)
})

test('D5 D10: epoch and seq go on after a reopen, across a digit roll-over and above 2^53', () => {
  const dir = newDir()
  let store = openTest(dir)
  store.next = 9n
  append(store, [call(record('reads', 'a'), record('reads', 'b'))])
  const { epoch } = store
  store.close()
  store = openTest(dir)
  expect(store.epoch).toBe(epoch)
  store.next = 2n ** 53n + 1n
  append(store, [call(record('reads', 'c'), record('reads', 'd'))])
  expect(itemsOf(store, 'reads').map((i) => i.seq)).toEqual([
    '9',
    '10',
    '9007199254740993',
    '9007199254740994',
  ])
})

test('D8 G2: an ack releases up to its cursor, and of another epoch it does nothing', () => {
  const store = openTest(newDir())
  append(store, [call(record('reads', 1), record('reads', 2), record('alarm', 3))])
  itemsOf(store, 'reads')
  const other = '00000000-0000-4000-8000-000000000000'
  expect(acknowledge(store, other, cursors({ reads: '2' }))).toBe('unchanged')
  expect(acknowledge(store, store.epoch, cursors({ reads: '1' }))).toBe('released')
  expect(store.status().lanes.reads).toMatchObject({ count: 1, cursor: '1' })
  expect(store.status().lanes.alarm.count).toBe(1)
})

test('D15: released records stay for the grace time and are sent again from an older cursor', () => {
  const store = openTest(newDir())
  append(store, [call(record('custody', 1), record('custody', 2))])
  itemsOf(store, 'custody')
  acknowledge(store, store.epoch, cursors({ custody: '2' }))
  expect(acknowledge(store, store.epoch, cursors({ custody: '0' }))).toBe('rewound')
  expect(itemsOf(store, 'custody')).toHaveLength(2)
  expect(store.status().lanes.custody.count).toBe(2)
})

test('D15: what left after the grace time is stated as a gap, and the lane goes on behind it', () => {
  const store = openTest(newDir(), { graceMs: 0 })
  append(store, [call(record('custody', 1), record('custody', 2))])
  itemsOf(store, 'custody')
  acknowledge(store, store.epoch, cursors({ custody: '2' }))
  append(store, [call(record('custody', 3))])
  itemsOf(store, 'custody', 2n)
  acknowledge(store, store.epoch, cursors({ custody: '3' }))
  expect(acknowledge(store, store.epoch, cursors({ custody: '1' }))).toBe('rewound')
  const gap = itemsOf(store, 'alarm')[0]
  expect(gap).toMatchObject({ type: 'lantai.gap.v1', data: { lane: 'custody', firstSeq: '2' } })
  append(store, [call(record('custody', 4))])
  expect(itemsOf(store, 'custody', 1n)[0]?.prev).toBe('1')
})

test('D14: a cursor beyond our own last record starts a new epoch; doubtful records are kept apart and stated', () => {
  const dir = newDir()
  let store = openTest(dir, {}, 'an earlier boot')
  append(store, [call(record('custody', 'old', { boot: 'an earlier boot' }))])
  store.close()
  store = openTest(dir)
  append(store, [call(record('custody', 'new'))])
  const { epoch } = store
  expect(acknowledge(store, epoch, cursors({ custody: '99' }))).toBe('new-epoch')
  expect(store.epoch).not.toBe(epoch)
  expect(itemsOf(store, 'custody').map((i) => i.data)).toEqual(['new'])
  expect(itemsOf(store, 'alarm')[0]).toMatchObject({
    seq: '1',
    data: { lane: 'custody', count: 1 },
  })
  expect(store.status().quarantined).toBe(1)
})

test('D14: on an old copy of the store nothing is released for numbers that another copy gave', () => {
  const dir = newDir()
  const copy = newDir()
  let store = openTest(dir)
  append(store, [call(record('custody', 1), record('custody', 2))])
  store.close()
  cpSync(dir, copy, { recursive: true })
  store = openTest(dir)
  append(store, [call(record('custody', 3), record('custody', 4))])
  itemsOf(store, 'custody')
  expect(acknowledge(store, store.epoch, cursors({ custody: '4' }))).toBe('released')
  store.close()
  // Back on the copy, five of our own under numbers that the server knows as others.
  store = openTest(copy)
  append(store, [call(...[5, 6, 7, 8, 9].map((n) => record('custody', n)))])
  const { epoch } = store
  expect(acknowledge(store, epoch, cursors({ custody: '4' }))).toBe('new-epoch')
  expect(itemsOf(store, 'custody').map((i) => i.data)).toEqual(
    expect.arrayContaining([5, 6, 7, 8, 9]),
  )
  // And under the new epoch only what was sent is released.
  expect(acknowledge(store, store.epoch, cursors({ custody: '2' }))).toBe('released')
  store.close()
})

test('D14: what an earlier start has sent may be acknowledged after a restart', () => {
  const dir = newDir()
  let store = openTest(dir)
  append(store, [call(record('custody', 1), record('custody', 2))])
  store.close()
  store = openTest(dir)
  expect(acknowledge(store, store.epoch, cursors({ custody: '2' }))).toBe('released')
  store.close()
})

test('D11: a record with a wrong checksum is quarantined at start with a gap, and never blocks its lane', () => {
  const dir = newDir()
  let store = openTest(dir)
  append(store, [call(record('reads', 'good'), record('reads', 'spoilt'), record('reads', 'last'))])
  store.close()
  const raw = new DatabaseSync(join(dir, 'outbox.db'))
  raw.exec("UPDATE record SET item = replace(item, 'spoilt', 'SPOILT')")
  raw.close()
  store = openTest(dir)
  const items = itemsOf(store, 'reads')
  expect(items.map((i) => [i.data, i.prev])).toEqual([
    ['good', '0'],
    ['last', '1'],
  ])
  expect(itemsOf(store, 'alarm')[0]?.data).toMatchObject({
    lane: 'reads',
    firstSeq: '2',
    lastSeq: '2',
    count: 1,
    reason: 'corrupt',
  })
  expect(store.status().quarantined).toBe(1)
})

test('D11: the same when the damage appears while the store is open', () => {
  const store = openTest(newDir())
  append(store, [call(record('reads', 'good'), record('reads', 'spoilt'))])
  store.db.exec("UPDATE record SET item = replace(item, 'spoilt', 'SPOILT')")
  expect(itemsOf(store, 'reads').map((i) => i.data)).toEqual(['good'])
  expect(itemsOf(store, 'alarm')).toHaveLength(1)
})

test('state and records of one call are on disk together', () => {
  const dir = newDir()
  let store = openTest(dir)
  append(store, [
    { records: [record('custody', 1)], puts: [{ key: 'latch.B1', value: '{"by":"x"}' }] },
  ])
  append(store, [{ records: [], puts: [{ key: 'other', value: '1' }] }])
  append(store, [{ records: [], puts: [{ key: 'other', value: null }] }])
  store.close()
  store = openTest(dir)
  expect(store.state()).toEqual({ 'latch.B1': '{"by":"x"}' })
})

test('a second gateway on the same store is refused', () => {
  const dir = newDir()
  const store = openTest(dir)
  expect(() => openTest(dir)).toThrow(/locked/)
  store.close()
})

test('reliability 2.3: a damaged file is kept beside, what is readable is carried over, no number is used twice', () => {
  const dir = newDir()
  let store = openTest(dir)
  for (let n = 0; n < 400; n++) append(store, [call(record('reads', `${n}`.padEnd(300)))])
  const { epoch, next } = store
  store.close()
  const path = join(dir, 'outbox.db')
  const bytes = readFileSync(path)
  bytes.fill(0x55, bytes.length / 2, bytes.length / 2 + 8192)
  writeFileSync(path, bytes)
  store = openTest(dir)
  expect(store.epoch).toBe(epoch)
  expect(store.next > next + 1_000_000n).toBe(true)
  expect(readdirSync(dir).some((f) => f.startsWith('outbox.db.damaged-'))).toBe(true)
  const items = itemsOf(store, 'reads')
  expect(items.length).toBeGreaterThan(100)
  let prev = '0'
  for (const i of items) {
    expect(i.prev).toBe(prev)
    prev = i.seq
  }
  expect(itemsOf(store, 'alarm').map((i) => i.type)).toContain('lantai.gap.v1')
  expect(store.db.prepare('PRAGMA integrity_check').get()).toEqual({ integrity_check: 'ok' })
  expect(store.state()).toHaveProperty([stateLostKey])
})

test('S8: a value that cannot be read any more is not taken for a latch that is not set', () => {
  const dir = newDir()
  let store = openTest(dir)
  append(store, [{ records: [], puts: [{ key: 'latch.forbid.B1', value: '{"by":"x"}' }] }])
  store.db.exec(`UPDATE state SET value = '{"by' `)
  store.close()
  store = openTest(dir)
  expect(store.state()).toEqual({ [stateLostKey]: 'true' })
})

test('reliability 2.3: after an unclean end the store is opened from a fresh copy and nothing is missing', () => {
  const dir = newDir()
  let store = openTest(dir)
  append(store, [{ records: [record('custody', 1)], puts: [{ key: 'a', value: '1' }] }])
  const { epoch } = store
  store.db.close()
  store = openTest(dir)
  expect(store.epoch).toBe(epoch)
  expect(itemsOf(store, 'custody')).toHaveLength(1)
  expect(store.state()).toEqual({ a: '1' })
  expect(readdirSync(dir)).not.toContain('outbox.db.fresh')
})
