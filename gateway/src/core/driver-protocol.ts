import type { DeviceEntry } from '@lantai/contracts'
import type {
  DriverEvent,
  IdentifyAnswer,
  ShelvingAnswer,
  ShelvingRequest,
} from '../drivers/driver.ts'

/** The devices of one driver process. */
export interface DriverSetup {
  name: string
  devices: DeviceEntry[]
  logLevel: string
  gateway: string
  /** Where drivers may keep what must survive a restart. */
  dataDir?: string
  /** Old space of its heap; left out: 64 MB. */
  heapMb?: number
}

export type ToDriver =
  | {
      kind: 'request'
      id: number
      device: string
      request: ShelvingRequest
      notAfterNs: bigint | null
    }
  | { kind: 'identify'; id: number; device: string }
  /** Ends the drivers of `remove`, then starts those of `add`; no other device of the process notices (G6). */
  | { kind: 'change'; id: number; remove: string[]; add: DeviceEntry[] }
  | { kind: 'stop' }

export type FromDriver =
  /** `atNs`: when the first of them was read, by hrtime: one clock for all threads and processes. */
  | { kind: 'events'; atNs: bigint; events: DriverEvent[] }
  | { kind: 'answer'; id: number; answer: ShelvingAnswer }
  | { kind: 'identified'; id: number; answer: IdentifyAnswer }
  /** The removed drivers have ended: what comes after this is of the new ones. */
  | { kind: 'changed'; id: number }
