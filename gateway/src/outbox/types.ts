import type { Lane } from '@lantai/contracts'

/** One fact on its way into the store. `rest` is the wire item as JSON text without `seq` and `prev`. */
export interface NewRecord {
  lane: Lane
  /** Wall milliseconds. */
  at: number
  /** What the record is the present state of; older records of one key may coalesce when space is short (G4). */
  key: string | null
  /** Cannot be refused by anyone (a passage, a transition of a command): may use the reserve. */
  reserve: boolean
  rest: string
}

/** A value of the small transactional store beside the records: latches, known command ids, the roster. */
export interface Put {
  key: string
  /** JSON text; null removes. */
  value: string | null
}

/** Set when the store was damaged: values of it may be missing, latches among them. */
export const stateLostKey = 'state.lost'

export interface LaneStatus {
  /** Records not acknowledged, and their bytes. */
  count: number
  bytes: number
  quota: number
  /** Wall milliseconds of the oldest unacknowledged record. */
  oldestAt: number | null
  last: string
  cursor: string
}

export interface OutboxStatus {
  epoch: string
  lastSeq: string
  lanes: Record<Lane, LaneStatus>
  quarantined: number
}

/** `full` means that nothing of the call was stored, its puts neither. */
export type Stored = { stored: true } | { stored: false; reason: 'full' }

export interface Page {
  /** Wire items as JSON text, in the order of the lane. */
  items: string[]
  last: string | null
  bytes: number
}

/** Cursors of an ack: what the server has committed, per lane. */
export type Cursors = Record<Lane, string>

export type AckOutcome = 'released' | 'unchanged' | 'rewound' | 'new-epoch'

export interface Limits {
  quota: Record<Lane, number>
  /** Beyond the quota of `custody`, for what nobody can refuse. */
  reserve: number
  /** How long acknowledged records stay (D15), and how many bytes of them at most. */
  graceMs: number
  graceBytes: number
}

const MB = 1024 * 1024
export const limitsOf = (totalMb: number): Limits => ({
  quota: {
    alarm: (totalMb * MB) / 8,
    custody: (totalMb * MB) / 8,
    reads: (totalMb * MB * 5) / 16,
    telemetry: (totalMb * MB * 5) / 16,
  },
  reserve: (totalMb * MB) / 8,
  graceMs: 24 * 3_600_000,
  graceBytes: (totalMb * MB) / 2,
})
