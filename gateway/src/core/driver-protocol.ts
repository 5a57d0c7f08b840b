import type { DeviceEntry } from '@lantai/contracts'
import type { DriverEvent, ShelvingAnswer, ShelvingRequest } from '../drivers/driver.ts'

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
  | { kind: 'stop' }

export type FromDriver =
  /** `atNs`: when the first of them was read, by hrtime: one clock for all threads and processes. */
  | { kind: 'events'; atNs: bigint; events: DriverEvent[] }
  | { kind: 'answer'; id: number; answer: ShelvingAnswer }
