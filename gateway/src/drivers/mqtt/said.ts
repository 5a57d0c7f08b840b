import type { TagRead } from '../driver.ts'

/** What a reader told beside its reads. */
export type Note =
  | { kind: 'antenna'; antenna: number; connected: boolean }
  /** Whether it reads; `why` where it says so. */
  | { kind: 'reading'; on: boolean; why: string }
  /** It waits for the trigger that starts it: so it is meant to be, and what it read before was a round. */
  | { kind: 'armed' }
  /** It lost reads and says so itself. */
  | { kind: 'overflow' }
  /** Its numbering jumped: so many reads are missing. */
  | { kind: 'missing'; count: number }
  /** Its numbering began again. */
  | { kind: 'restarted' }
  /** A status or keep-alive that is known and needs nothing. */
  | { kind: 'known' }

/** What one message of a reader says, in the order of the message. */
export interface Said {
  reads: TagRead[]
  notes: Note[]
  /** What could not be understood, and why. */
  bad: string[]
}

export const nothingSaid = (): Said => ({ reads: [], notes: [], bad: [] })
