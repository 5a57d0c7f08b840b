import { type Batch, type BatchItem, type FactType, facts, type Lane } from '@lantai/contracts'

export const epochA = '3f0c6f0e-6b7e-4a52-9f5e-0c1d2e3f4a5b'
export const epochB = '4f0c6f0e-6b7e-4a52-9f5e-0c1d2e3f4a5b'
const boot = '7d0c6f0e-6b7e-4a52-9f5e-0c1d2e3f4a5b'

/** A record as a gateway's outbox holds it. */
export const item = (
  seq: number,
  prev: number,
  type: string,
  data: unknown,
  more: Partial<BatchItem> = {},
): BatchItem => ({
  seq: String(seq),
  prev: String(prev),
  type,
  subject: 'test',
  time: '2026-11-22T06:00:00.000Z',
  boot,
  mono: seq * 1000,
  clock: 'synced',
  data,
  ...more,
})

export const batchOf = (lane: Lane, items: unknown[], epoch = epochA): Buffer =>
  Buffer.from(
    JSON.stringify({
      specversion: '1.0',
      id: 'test',
      source: 'lantai:demo/gw-01',
      type: 'lantai.batch.v1',
      subject: lane,
      time: '2026-11-22T06:00:00.000Z',
      datacontenttype: 'application/json',
      dataschema: 'urn:lantai:batch:1',
      data: { epoch, lane, items: items as BatchItem[] },
    } satisfies Batch),
  )

/** A fact whose effect is one row that can be counted. */
export const gapFact = (n: number) => ({
  lane: 'reads',
  firstSeq: null,
  lastSeq: null,
  from: null,
  to: null,
  count: n,
  reason: 'observation-hole',
  device: null,
})

/** `n` chained records of the alarm lane, numbered from 1; each leaves one row in `gap`. */
export const gapChain = (n: number): BatchItem[] =>
  Array.from({ length: n }, (_, i) => item(i + 1, i, 'lantai.gap.v1', gapFact(i + 1)))

export const laneOf = (type: FactType): Lane => facts[type].lane
