import {
  type ClockQuality,
  type FactBody,
  type FactType,
  facts,
  type Lane,
} from '@lantai/contracts'
import type { Outbox } from '../outbox/outbox.ts'
import type { NewRecord, Put, Stored } from '../outbox/types.ts'
import { instant, type QualifiedClock } from './system-clock.ts'

export interface FactToRecord<T extends FactType = FactType> {
  type: T
  subject: string
  data: FactBody<T>
  /** Wall milliseconds of the event; now when absent. */
  at?: number
}

/** What nobody can refuse goes on into the reserve when the lane is full (reliability 2.4). */
const irrefusable: readonly FactType[] = [
  'lantai.passage.v1',
  'lantai.command.v1',
  'lantai.console.v1',
  // The list that mends a full store must not be refused because of it.
  'lantai.config.v1',
]

/** Stamps facts with boot, monotonic and wall time and clock quality (G7) and hands them to the store. */
export function createRecorder(outbox: Outbox, clock: QualifiedClock, boot: string) {
  const toRecord = (f: FactToRecord): NewRecord => {
    const now = clock.now()
    const at = f.at ?? now
    const lane: Lane = facts[f.type].lane
    const quality: ClockQuality = clock.quality()
    return {
      lane,
      at,
      key: keyOf(f),
      reserve: irrefusable.includes(f.type),
      rest: JSON.stringify({
        type: f.type,
        subject: f.subject.slice(0, 120),
        time: instant(at),
        boot,
        // Of the same instant as `time`: the two are a pair (G7).
        mono: Math.max(0, Math.round((clock.mono() - (now - at)) * 1000)),
        clock: quality,
        data: f.data,
      }),
    }
  }
  return {
    /** On disk when it resolves, all or nothing, the puts with the facts (D1, D2). */
    record: (list: readonly FactToRecord[], puts: Put[] = []): Promise<Stored> =>
      outbox.append(list.map(toRecord), puts),
  }
}
export type Recorder = ReturnType<typeof createRecorder>

/** What a record is the present state of, for the lane that may coalesce transitions (G4). */
function keyOf(f: FactToRecord): string | null {
  if (f.type === 'lantai.condition.v1') return `cond.${(f.data as FactBody<typeof f.type>).key}`
  if (f.type === 'lantai.clock.v1') return 'clock'
  if (f.type === 'lantai.device.v1') return `device.${(f.data as FactBody<typeof f.type>).device}`
  return null
}
