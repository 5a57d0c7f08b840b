import type {
  BankObserved,
  Clock,
  Device,
  DeviceHealthState,
  InterlockInput,
  Quantity,
} from '@lantai/contracts'
import type { Logger } from 'pino'

/** One read of a tag. Absent is absent; nothing is filled in (devices 3). */
export interface TagRead {
  epc: string
  pc?: number
  tid?: string
  antenna: number
  rssiDbm?: number
  /** Radians, 0…2π, growing with distance; comparable only within one antenna and channel. */
  phaseRad?: number
  channel?: number
  frequencyKhz?: number
  count: number
  /** The device's own time, wall milliseconds; kept beside ours, never instead of it (G7). */
  deviceTimeMs?: number
}

/** What the controller itself says about an interlock input; what it does not say is `unknown`. */
export type InputReport = 'active' | 'clear' | 'unknown'

/** What a driver tells the core. It returns data; it never touches MQTT or SQLite. */
export type DriverEvent =
  | { kind: 'tags'; device: string; reads: TagRead[] }
  | { kind: 'readings'; device: string; sensor: string; values: Partial<Record<Quantity, number>> }
  /** A sensor that answered with its fault value, or did not answer: its points are stale, never zero. */
  | { kind: 'sensorSilent'; device: string; sensor: string; silent: boolean }
  | { kind: 'contact'; device: string; input: string; state: InputReport }
  | {
      kind: 'bank'
      device: string
      /** Without `revision`: the core counts it. */
      observed: Omit<BankObserved, 'revision'>
      inputs: Partial<Record<InterlockInput, InputReport>>
    }
  | {
      kind: 'health'
      device: string
      state: DeviceHealthState
      detail: string | null
      firmware: string | null
      badFrames: number
    }
  /** The device was blind or lost data: a count with such a hole is not complete. */
  | {
      kind: 'hole'
      device: string
      reason: 'reader-overflow' | 'observation-hole'
      fromMs: number
      toMs: number
    }

/** A request to a shelving controller. The result comes only from a later `bank` event (rule S6). */
export interface ShelvingRequest {
  verb: 'open' | 'close' | 'ventilate' | 'stop' | 'forbid' | 'clearForbid'
  aisle: number | null
}
/**
 * `sent` says that the controller took the frame, nothing more; `rejected`, that it refused; `withdrawn`, that
 * nothing was sent: it was too late, or a stop came first.
 */
export type ShelvingAnswer = 'sent' | 'unsupported' | 'link-lost' | 'rejected' | 'withdrawn'

export interface DriverDeps {
  clock: Clock
  log: Logger
  emit(event: DriverEvent): void
}

export interface Driver extends AsyncDisposable {
  /** Begins to connect and keeps at it for ever: backoff 0.5 s doubling to 5 s with jitter, reset after 10 s of health (G5). */
  start(): void
  /** Only shelving drivers have it. `inTime` is asked again right before the frame is written (S2). */
  request?(request: ShelvingRequest, inTime?: () => boolean): Promise<ShelvingAnswer>
}

/** One folder a protocol; its `driver.ts` exports one of these as `kind`, and `registry.ts` names the folder. */
export interface DriverKind<D extends Device = Device> {
  readonly driver: D['driver']
  create(device: D, deps: DriverDeps): Driver
}
