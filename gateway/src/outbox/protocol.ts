import type { ClockQuality, Lane } from '@lantai/contracts'
import type {
  AckOutcome,
  Cursors,
  Limits,
  NewRecord,
  OutboxStatus,
  Page,
  Put,
  Stored,
} from './types.ts'

/** What the worker is given when it starts. `origin` is the main thread's `performance.timeOrigin`: one monotonic time for both. */
export interface WorkerSetup {
  dir: string
  limits: Limits
  boot: string
  origin: number
}

export type Ask =
  | { id: number; op: 'append'; records: NewRecord[]; puts: Put[]; clock: ClockQuality }
  | { id: number; op: 'read'; lane: Lane; after: string; items: number; bytes: number }
  | { id: number; op: 'ack'; epoch: string; cursors: Cursors }
  | { id: number; op: 'close' }

export type Answer =
  | { id: number; op: 'append'; value: Stored; status: OutboxStatus }
  | { id: number; op: 'read'; value: Page; status: OutboxStatus }
  | { id: number; op: 'ack'; value: AckOutcome; status: OutboxStatus }
  | { id: number; op: 'close' }

export type FromWorker =
  | { kind: 'open'; status: OutboxStatus; state: Record<string, string> }
  | { kind: 'answers'; answers: Answer[] }
