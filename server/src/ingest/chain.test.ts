import fc from 'fast-check'
import { expect, test } from 'vitest'
import { follow } from './chain.ts'
import type { EdgeRecord } from './parse.ts'

const record = (seq: number, prev: number): EdgeRecord => ({
  good: false,
  seq: BigInt(seq),
  prev: BigInt(prev),
  hash: Buffer.alloc(0),
  detail: '',
  raw: Buffer.alloc(0),
})
/** Seqs of one lane: rising, not dense, because the counter runs over all lanes. */
const lane = fc
  .uniqueArray(fc.integer({ min: 1, max: 999 }), { minLength: 1, maxLength: 30 })
  .map((seqs) => seqs.sort((a, b) => a - b))
  .map((seqs) => seqs.map((seq, i) => record(seq, seqs[i - 1] ?? 0)))

test('D10 an honest lane cut anywhere goes on exactly behind the cursor, also across digit roll-over', () => {
  fc.assert(
    fc.property(lane, fc.nat(), fc.nat(), (records, a, b) => {
      const taken = a % (records.length + 1)
      const from = b % records.length
      const cursor = records[taken - 1]?.seq ?? 0n
      const chain = follow(records.slice(from), cursor)
      const expected = from <= taken ? records.slice(Math.max(taken, from)) : []
      expect(chain.fresh).toEqual(expected)
    }),
  )
})

test('D10 a gateway that dropped what we had already taken links over it, and its lane goes on', () => {
  expect(follow([record(9, 3)], 5n).fresh).toHaveLength(1)
})

test('D10 only a stated gap that reaches from the cursor to the predecessor explains a hole', () => {
  const gap = (first: number, last: number) => [{ first: BigInt(first), last: BigInt(last) }]
  const fresh = (gaps: { first: bigint; last: bigint }[]) =>
    follow([record(9, 8)], 5n, gaps).fresh.length
  expect(fresh([])).toBe(0)
  expect(fresh(gap(6, 8))).toBe(1)
  expect(fresh(gap(6, 7))).toBe(0)
  expect(fresh(gap(5, 8))).toBe(0)
})
