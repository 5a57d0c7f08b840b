import type { BatchItem } from '@lantai/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { append } from './append.ts'
import { acknowledge } from './release.ts'
import { cursors, itemsOf, newDir, openTest, record } from './testing.ts'

const call = (...records: ReturnType<typeof record>[]) => ({ records, puts: [] })
const gapsOf = (items: BatchItem[]) =>
  items
    .filter((i) => i.type === 'lantai.gap.v1')
    .map((i) => i.data as { lane: string; count: number })

const quota = { alarm: 8000, custody: 3000, reads: 3000, telemetry: 20_000 }

test('G4: telemetry loses its oldest, stated in the same transaction; gaps and records together are complete', () => {
  const store = openTest(newDir(), { quota })
  // Beyond the send window, which may be under way and is never touched.
  for (let n = 0; n < 300; n++) append(store, [call(record('telemetry', n))])
  const kept = itemsOf(store, 'telemetry')
  const gaps = gapsOf(itemsOf(store, 'alarm'))
  expect(store.status().lanes.telemetry.bytes).toBeLessThanOrEqual(quota.telemetry)
  expect(gaps.length).toBeGreaterThan(0)
  expect(kept.length + gaps.reduce((sum, g) => sum + g.count, 0)).toBe(300)
  expect(kept[0]?.prev).toBe('0')
  expect(kept.at(-1)?.data).toBe(299)
})

test('G4: what may be under way is not dropped', () => {
  const store = openTest(newDir(), { quota })
  for (let n = 0; n < 50; n++) append(store, [call(record('telemetry', n))])
  store.read('telemetry', 0n, 10, 1e6)
  for (let n = 50; n < 300; n++) append(store, [call(record('telemetry', n))])
  expect(
    itemsOf(store, 'telemetry')
      .slice(0, 10)
      .map((i) => i.data),
  ).toEqual([...Array(10).keys()])
  expect(itemsOf(store, 'telemetry')[10]?.prev).toBe(itemsOf(store, 'telemetry')[9]?.seq)
})

test('G4: custody is refused visibly when full, but passages and transitions use the reserve; nothing is overwritten', () => {
  const store = openTest(newDir(), { quota, reserve: 2000 })
  let stored = 0
  while (append(store, [call(record('custody', stored))])[0]?.stored) stored++
  expect(append(store, [call(record('custody', 'x', { reserve: true }))])).toEqual([
    { stored: true },
  ])
  expect(itemsOf(store, 'custody')).toHaveLength(stored + 1)
})

test('G4: refused reads are counted on disk and stated as soon as there is room', () => {
  const dir = newDir()
  let store = openTest(dir, { quota })
  let n = 0
  while (append(store, [call(record('reads', n))])[0]?.stored) n++
  append(store, [call(record('reads', 'b'), record('reads', 'c'))])
  store.close()
  store = openTest(dir, { quota })
  itemsOf(store, 'reads')
  acknowledge(store, store.epoch, cursors({ reads: store.status().lanes.reads.last }))
  expect(append(store, [call(record('reads', 'd'))])).toEqual([{ stored: true }])
  expect(gapsOf(itemsOf(store, 'alarm'))).toMatchObject([{ lane: 'reads', count: 3 }])
})

test('G4: the alarm lane keeps the present state of every point; transitions between coalesce with a gap', () => {
  const store = openTest(newDir(), { quota })
  for (let n = 0; n < 200; n++) append(store, [call(record('alarm', n, { key: `point-${n % 5}` }))])
  const items = itemsOf(store, 'alarm')
  const states = items.filter((i) => i.type !== 'lantai.gap.v1').map((i) => i.data)
  for (const last of [195, 196, 197, 198, 199]) expect(states).toContain(last)
  const lost = gapsOf(items).reduce((sum, g) => sum + g.count, 0)
  expect(states.length + lost).toBe(200)
})

test('D10 G4: in any order of appends, sends and acks the chain of prev holds and nothing is lost unstated', () => {
  const lane = fc.constantFrom(
    'alarm' as const,
    'custody' as const,
    'reads' as const,
    'telemetry' as const,
  )
  const step = fc.oneof(
    {
      weight: 8,
      arbitrary: fc.record({
        do: fc.constant('append' as const),
        lane,
        n: fc.integer({ min: 1, max: 12 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('send' as const),
        lane,
        n: fc.integer({ min: 1, max: 20 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        do: fc.constant('ack' as const),
        lane,
        n: fc.integer({ min: 0, max: 9 }),
      }),
    },
  )
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const store = openTest(newDir(), { quota: { ...quota, telemetry: 4000 } })
      const accepted = { alarm: 0, custody: 0, reads: 0, telemetry: 0 }
      const acked: Record<string, BatchItem[]> = {
        alarm: [],
        custody: [],
        reads: [],
        telemetry: [],
      }
      for (const s of steps) {
        const at = store.lanes[s.lane].cursor
        if (s.do === 'append') {
          const answer = append(store, [
            call(...Array.from({ length: s.n }, (_, i) => record(s.lane, i))),
          ])
          if (answer[0]?.stored) accepted[s.lane] += s.n
        } else if (s.do === 'send') store.read(s.lane, at, s.n, 1e6)
        else {
          const items = itemsOf(store, s.lane, at)
          const upto = items[Math.min(s.n, items.length - 1)]
          if (!upto) continue
          acked[s.lane]?.push(...items.slice(0, s.n + 1))
          const all = Object.fromEntries(
            Object.entries(store.lanes).map(([l, v]) => [l, String(v.cursor)]),
          )
          acknowledge(store, store.epoch, { ...cursors(all), [s.lane]: upto.seq })
        }
      }
      const gaps: { lane: string; count: number; firstSeq: string | null }[] = []
      for (const l of ['alarm', 'custody', 'reads', 'telemetry'] as const) {
        const items = [...(acked[l] ?? []), ...itemsOf(store, l, store.lanes[l].cursor)]
        let prev = '0'
        for (const i of items) {
          expect(i.prev).toBe(prev)
          prev = i.seq
        }
        if (l === 'alarm') gaps.push(...(gapsOf(items) as typeof gaps))
        acked[l] = items
      }
      for (const l of ['custody', 'reads', 'telemetry'] as const) {
        const lost = gaps
          .filter((g) => g.lane === l && g.firstSeq !== null)
          .reduce((n, g) => n + g.count, 0)
        expect((acked[l]?.length ?? 0) + lost).toBe(accepted[l])
      }
      store.close()
    }),
    { numRuns: 60 },
  )
})
