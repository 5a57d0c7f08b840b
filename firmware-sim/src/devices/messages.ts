/**
 * What the world and a device say to each other inside the simulator. Gateways never see this: they have only
 * the device's wire.
 */

import type { WalkPlan } from '../world/cart/motion.ts'
import type { FaceTruth } from '../world/cart/truth.ts'
import type { WheelFaults } from '../world/cart/wheel.ts'
import type { BrandName } from './llrp/brands.ts'
import type { UnitModel } from './modbus-unit/models.ts'
import type { OpcUaSpec } from './opcua-server/server.ts'
import type { FamilyName } from './serial-uhf/speech.ts'
import type { BankEvent, BankSaved } from './shelving/controller.ts'
import type { BankSteel } from './shelving/moving-bank.ts'
import type { MjjManner } from './shelving-mjj/columns.ts'
import type { CrcRule } from './shelving-mjj/wire.ts'

/** A tag near an antenna: distance in millimetres by antenna number. */
export interface FieldTag {
  readonly epc: string
  readonly tid: string | null
  readonly distanceMm: Readonly<Record<number, number>>
}

/** Distinct tags that pass one after another, as from a trolley: `count` from `firstEpc` upwards. */
export interface Burst {
  readonly antenna: number
  readonly firstEpc: string
  readonly count: number
  readonly perSecond: number
}

export const serialFaults = ['drop', 'late', 'badCrc', 'wrongUnit', 'half', 'garbage'] as const
/** One or more replies go wrong on the RS-485 line; `unit` limits it to one transmitter. */
export interface SerialFault {
  readonly fault: (typeof serialFaults)[number]
  readonly unit?: number | undefined
  /** How many replies; without it until `heal`. */
  readonly times?: number | undefined
}

export const datagramFaults = ['drop', 'duplicate', 'late', 'reorder', 'merge', 'half'] as const
export type DatagramFault = (typeof datagramFaults)[number]

export type DeviceFault =
  | { kind: 'serial'; serial: SerialFault }
  /** Random bytes to everyone who is connected. */
  | { kind: 'garbage'; bytes: number }
  /** LLRP: a dead client's connection is held this long, and others are refused meanwhile. */
  | { kind: 'stale'; holdMs: number }
  /** LLRP: keepalives stop, the socket stays. */
  | { kind: 'mute' }
  /** LLRP: the reader's buffer ran over and reads were lost. */
  | { kind: 'overflow' }
  /** The power goes and comes back at once: what was configured is forgotten. */
  | { kind: 'reboot' }
  /** The cable is out until `heal`. */
  | { kind: 'unplug' }
  /** The next so many datagrams meet a bad network. */
  | { kind: 'datagrams'; how: DatagramFault; times: number }
  /** Answers break off in the middle. */
  | { kind: 'half' }
  /** Takes back every lasting fault. */
  | { kind: 'heal' }

export type ToDevice =
  | { type: 'air'; air: Readonly<Record<number, { temperature: number; humidity: number }>> }
  | { type: 'contacts'; closed: readonly boolean[] }
  | { type: 'bank'; event: BankEvent }
  | { type: 'field'; tags: readonly FieldTag[] }
  | { type: 'burst'; burst: Burst }
  /** The cart stands before a face, not walking yet; null: in its corner, where it reads nothing. */
  | { type: 'cart'; cart: { face: FaceTruth; standsAtMm: number } | null }
  /** It is walked along the face. */
  | { type: 'walk'; walk: WalkPlan }
  | { type: 'fault'; fault: DeviceFault }
  | { type: 'stop' }

/** What a device shows of itself to tests; `busy` while something moves or a burst runs. */
export interface DeviceState {
  readonly busy: boolean
  readonly detail: Readonly<Record<string, unknown>>
  readonly bank?: BankSaved
}

export type FromDevice =
  | { type: 'ready'; port?: number; path?: string }
  | { type: 'state'; state: DeviceState }
  | { type: 'done'; id: number; error?: string }

/** AutoID leaves nearly everything optional; these three differ in what a client has to do. */
export type AutoIdVariant = 'full' | 'no-scan-methods' | 'last-scan-only'

/** A secured reader: its own PEM, and those of the clients that it lets in; none listed lets in all. */
export interface ReaderTls {
  readonly cert: string
  readonly key: string
  readonly trust: readonly string[]
  readonly allowNone: boolean
}

/** What a device worker is started with. */
export type DeviceSpec =
  /** On a pty whose link is at `path`; with a port, the same units behind Modbus TCP. */
  | {
      kind: 'air-line'
      path: string
      baud: number
      units: readonly number[]
      seed: string
      port?: number
    }
  | { kind: 'contacts'; port: number; inputs: number }
  /** One sensor, detector or module: on a pty whose link is at `path`, else on a port. */
  | {
      kind: 'modbus-unit'
      model: UnitModel
      unit: number
      wire: { path: string; baud: number } | { port: number }
      seed: string
    }
  | { kind: 'example'; port: number }
  /** A wheel encoder on a counter module; `startsAt`: pulses at power on. */
  | {
      kind: 'odometer'
      port: number
      pulsesPerMetre: number
      startsAt: number
      wheel: WheelFaults
      seed: string
    }
  /** These publish to a broker at `port`, below `topic` or `base`. */
  | { kind: 'mqtt-impinj'; port: number; topic: string; antennas: number; seed: string }
  | {
      kind: 'mqtt-zebra'
      port: number
      topic: string
      antennas: number
      seed: string
      /** FX9600 or FXR90. */
      form: 'array' | 'single'
    }
  | { kind: 'mqtt-zigbee'; port: number; base: string; everyMs: number; seed: string }
  | {
      kind: 'shelving'
      port: number
      columns: readonly { column: number; widthMm: number }[]
      railMm: number
      aisleMm: number
      saved: BankSaved | null
    }
  | ({ kind: 'shelving-stow'; port: number } & BankSteel)
  | ({ kind: 'shelving-ims'; port: number; number: number; leftIs: 'lower' | 'higher' } & BankSteel)
  | ({ kind: 'shelving-mjj'; port: number; type: number; crc: CrcRule } & MjjManner & BankSteel)
  | (OpcUaSpec & {
      kind: 'opcua-autoid'
      antennas: number
      variant: AutoIdVariant
      seed: string
    })
  | (OpcUaSpec & {
      kind: 'opcua-shelving'
      columns: readonly { column: number; widthMm: number }[]
      railMm: number
      aisleMm: number
      saved: BankSaved | null
    })
  | (OpcUaSpec & { kind: 'opcua-ahu' })
  | {
      kind: 'llrp'
      port: number
      antennas: number
      /** Text of the firmware. */
      model: string
      seed: string
      /** Impinj where it is left out. */
      brand?: BrandName
      tls?: ReaderTls
      /** Its own clock against the machine's; the same where it is left out. */
      clock?: { offsetMs: number; driftPpm: number }
    }
  /** A UHF module on a pty whose link is at `path`; with a port, its bytes are there too. */
  | { kind: 'serial-uhf'; family: FamilyName; path: string; seed: string; port?: number }
  /** On a pty whose link is at `path`, or on a TCP port. */
  | { kind: 'espa'; port: number | null; path: string; seed: string }
export type SpecOf<K extends DeviceSpec['kind']> = Extract<DeviceSpec, { kind: K }>
