import type {
  BankObserved,
  Clock,
  DeviceEntry,
  DeviceHealthState,
  Facets,
  InterlockInput,
  Quantity,
  RoundTrouble,
} from '@lantai/contracts'
import type { Logger } from 'pino'
import type { Static, TSchema } from 'typebox'
import type { DriverIo } from './link/byte-link.ts'
import type { Claim } from './schema.ts'

/** One read of a tag. Absent is absent; nothing is filled in (devices 3). */
export interface TagRead {
  epc: string
  pc?: number
  tid?: string
  antenna: number
  rssiDbm?: number
  /** Radians, 0…2π, growing with distance; comparable only within one antenna and channel. */
  phaseRad?: number
  /** Hertz, with the sign that the reader gives it. */
  dopplerHz?: number
  channel?: number
  frequencyKhz?: number
  count: number
  /** The device's own time, wall milliseconds; kept beside ours, never instead of it (G7). */
  deviceTimeMs?: number
  /** Microseconds of the device's own clock when it first heard the tag in this report; of any epoch. */
  deviceTimeUs?: number
}

/** A round of an inventory that has ended. Complete where there was no trouble; EPCs are told once each. */
export interface RoundEnded {
  fromMs: number
  toMs: number
  epcs: string[]
  troubles: RoundTrouble[]
}

/** What the controller itself says about an interlock input; what it does not say is `unknown`. */
export type InputReport = 'active' | 'clear' | 'unknown'

/** What a driver tells the core. It returns data; it never touches MQTT or SQLite. */
export type DriverEvent =
  | { kind: 'tags'; device: string; reads: TagRead[] }
  | { kind: 'readings'; device: string; sensor: string; values: Partial<Record<Quantity, number>> }
  /** A sensor that answered with its fault value, or did not answer: its points are stale, never zero. */
  | { kind: 'sensorSilent'; device: string; sensor: string; silent: boolean }
  /** `text` is what the device itself says about it, such as the display text of a fire panel. */
  | { kind: 'contact'; device: string; input: string; state: InputReport; text?: string }
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
  /**
   * How far a cart was walked, signed, from an arbitrary start. Where `stretch` differs, what lies between is not known.
   * It was so at `deviceUs` of the device's own clock, and within the last `roundTripMs`.
   */
  | {
      kind: 'odometry'
      device: string
      stretch: number
      xMm: number
      deviceUs: number | null
      roundTripMs: number
    }
  /** Of a reader that counts in rounds; `antennas` are those that were asked, none where it does not say. */
  | ({ kind: 'round'; device: string; antennas: number[] } & RoundEnded)
  /** The device was blind or lost data: a count with such a hole is not complete. */
  | {
      kind: 'hole'
      device: string
      reason: 'reader-overflow' | 'observation-hole'
      fromMs: number
      toMs: number
      /** Reads known to be missing, where the device numbers them; absent is not known. */
      count?: number
    }

/** A request to a shelving controller. The result comes only from a later `bank` event (rule S6). */
export interface ShelvingRequest {
  verb: 'open' | 'close' | 'ventilate' | 'stop' | 'forbid' | 'clearForbid' | 'lock' | 'unlock'
  aisle: number | null
  /** Of lock and unlock. */
  column?: number
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
  /**
   * What the protocol said that helps whoever sets the device up, where its bytes tell a person little: topics, endpoints,
   * certificates. Heard in a trial alone; absent otherwise. Never a secret.
   */
  explain?(text: string): void
  /** A secret that did not stand in the entry is about to cross a link: what is on record of it is hidden from then on. */
  hide?(secret: string): void
  /** Where a driver may keep what must survive a restart, such as its certificate; each in a folder of its own name. */
  dataDir?: string
}

/** What a device did when it was asked to show itself (识别): it never moves a column. */
export type IdentifyAnswer = 'blinked' | 'beeped' | 'unsupported' | 'link-lost'

export interface Driver extends AsyncDisposable {
  /** Begins to connect and keeps at it for ever: backoff 0.5 s doubling to 5 s with jitter, reset after 10 s of health (G5). */
  start(): void
  /** Only shelving drivers have it. `inTime` is asked again right before the frame is written (S2). */
  request?(request: ShelvingRequest, inTime?: () => boolean): Promise<ShelvingAnswer>
  /** Makes the device show which one it is, where it can. */
  identify?(): Promise<IdentifyAnswer>
}

/** Makes the driver of one entry; `io` is the machine where it is left out. */
export type CreateDriver<S extends TSchema = TSchema> = (
  device: Static<S>,
  deps: DriverDeps,
  io?: DriverIo,
) => Driver

/**
 * A driver: one folder whose `kind.ts` exports this as `kind`, and one line in `registry.ts`. Everything else of the
 * product (core, server, form on the dashboard, simulator check) goes by what stands here.
 */
export interface DriverKind<S extends TSchema = TSchema> {
  /** Name of the folder, and of the driver in the device list. */
  readonly driver: string
  readonly words: { readonly zh: string; readonly en: string }
  /** Drivers of one family run in one process, since they may share a port; the name of the driver where it is left out. */
  readonly family?: string
  /** The whole entry, closed. Titles in it are the words of the form. */
  readonly schema: S
  /** What the device gives the room, from its settings alone. */
  facets(device: Static<S>): Facets
  /** What no other entry may use too (rule S9). */
  claims(device: Static<S>): Claim[]
  /** Where its code is too heavy for the process that all drivers share: devices with the same name share one of their own. */
  readonly process?: { readonly name: string; readonly heapMb: number }
  /** What the schema cannot say: sentences about this entry, each beginning with the field. */
  check?(device: Static<S>): string[]
  /** Loads the code that speaks the protocol. */
  load(): Promise<CreateDriver<S>>
}

/** An entry of the list with its driver and what it gives. */
export interface KnownDevice {
  readonly entry: DeviceEntry
  readonly kind: DriverKind
  readonly facets: Facets
}
