import type {
  BankReport,
  CommandTransition,
  DeviceHealth,
  InterlockInput,
  SidePolarity,
  Tick,
} from '@lantai/contracts'
import type { Condition } from '../conditions/register.ts'
import type { ProfileTrouble } from '../core/epc-profile-file.ts'
import type { InputReport } from '../drivers/driver.ts'
import type { AcceptedInputs, ProvenSide } from '../interlock/commission.ts'
import type { TrialReport } from '../interlock/trials.ts'
import type { WalkState } from '../locating/walk/walks.ts'
import type { OutboxStatus } from '../outbox/types.ts'
import type { RejectedCertificate } from './certificates.ts'

/** What the page shows: only what is known here, with its age. */
export interface LocalState {
  site: string
  gateway: string
  now: string
  clock: string
  me: { name: string; roles: readonly string[] } | null
  link: { up: boolean; lastAckAgeMs: number | null }
  store: { epoch: string; backlog: Record<string, number>; quarantined: number; full: boolean }
  rosterVersion: number | null
  fire: Pick<Tick, 'fire' | 'fireLatched'> & {
    points: {
      id: string
      label: string
      room: string
      means: string
      state: InputReport
      ageMs: number | null
      latchedSince: string | null
    }[]
  }
  banks: (BankReport & {
    label: string
    room: string
    /** What must be proven and accepted on site, and what was; null where the driver needs none (S11). */
    commissioning: {
      leftIs: SidePolarity
      columns: readonly number[]
      notProvided: readonly InterlockInput[]
      side: ProvenSide | null
      inputs: AcceptedInputs | null
      /** The last one, until somebody has said what they saw of it. */
      trial: TrialReport | null
    } | null
  })[]
  conditions: Condition[]
  commands: (CommandTransition & { at: string })[]
  devices: DeviceHealth[]
  /** OPC UA servers' certificates that wait for a person. */
  certificates: RejectedCertificate[]
  /** What is wrong with the file of numberings; the last good ones stay in force. */
  epcProfiles: ProfileTrouble | null
  walk: WalkState
}

/** Nothing waits and nothing is under way: every fact of this gateway is in the server's database. */
export const isSettled = (status: OutboxStatus, busy: boolean): boolean =>
  !busy && Object.values(status.lanes).every((l) => l.count === 0)
