/** Devices that run alone, without the rest of the store, so that anybody's client can talk to them. */
import type { DeviceEntry } from '@lantai/contracts'
import { standalone as contacts } from './contacts/standalone.ts'
import { standalone as espa } from './espa/standalone.ts'
import { standalone as example } from './example/standalone.ts'
import { standalone as llrp } from './llrp/standalone.ts'
import type { DeviceSpec, ToDevice } from './messages.ts'
import { standalone as modbusUnits } from './modbus-unit/standalone.ts'
import { standalone as mqtt } from './mqtt/standalone.ts'
import { standalone as odometer } from './odometer/standalone.ts'
import { standalone as opcUaAhu } from './opcua-ahu/standalone.ts'
import { standalone as opcUaAutoId } from './opcua-autoid/standalone.ts'
import { standalone as opcUaShelving } from './opcua-shelving/standalone.ts'
import { standalone as serialUhf } from './serial-uhf/standalone.ts'
import { standalone as shelving } from './shelving/standalone.ts'

export interface StandaloneOptions {
  /**
   * TCP or UDP port to listen on; 0 is any. A device on a serial line stands behind one that is not 0: slaves as
   * Modbus TCP, others with their bytes as they are.
   */
  readonly port: number
  /** Path of the stable link to the pty of a serial device. */
  readonly path: string
  readonly seed: string
  /** PEM of clients that a secured device lets in. */
  readonly trust: readonly string[]
  /** A secured device accepts unsecured clients too; on loopback only. */
  readonly allowNone: boolean
}

export interface StandaloneAddress {
  readonly host: string
  /** TCP or UDP port; 0 for a device on a pty alone. */
  readonly port: number
  /** The pty of a serial device; empty for a network one, and for a serial one that is on a port instead. */
  readonly path: string
}

export interface Standalone {
  /** As `npm run sim -- NAME`. */
  readonly name: string
  readonly about: string
  readonly wire: 'tcp' | 'udp' | 'pty' | 'mqtt'
  /** Understands `--trust` and `--allow-none`. */
  readonly secured?: true
  spec(options: StandaloneOptions): DeviceSpec
  /** An entry of a gateway's device list that fits it, where it is found at `at`. */
  entry(at: StandaloneAddress): DeviceEntry
  /** What it is told when it is up: air, tags in its field, contacts. */
  readonly first: readonly ToDevice[]
  /** What it is told again and again, so that a client sees something happen; `n` counts from 0, twice a second. */
  again?(n: number): ToDevice | null
}

export const standalones: readonly Standalone[] = [
  ...llrp,
  ...contacts,
  ...modbusUnits,
  ...example,
  ...shelving,
  ...serialUhf,
  ...opcUaAutoId,
  ...opcUaShelving,
  ...opcUaAhu,
  ...odometer,
  ...espa,
  ...mqtt,
]
