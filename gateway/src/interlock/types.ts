import type {
  BankObserved,
  CommandTransition,
  FactBody,
  FactType,
  FireMeans,
  InterlockInput,
  ShelvingVerb,
  SidePolarity,
} from '@lantai/contracts'
import type { InputReport, ShelvingRequest } from '../drivers/driver.ts'
import type { Put } from '../outbox/types.ts'

export interface BankConfig {
  bank: string
  label: string
  room: string
  device: string
  columns: readonly number[]
  /** Accepted by two persons at commissioning (S1); never link, fire or forbid. */
  notProvided: readonly InterlockInput[]
  /** Present where the bank must be commissioned before it may move (S11). */
  leftIs?: SidePolarity
}

export interface FireConfig {
  id: string
  label: string
  device: string
  room: string
  means: FireMeans
}

/** What the gateway states as a fact: goes through the outbox. */
export interface Fact<T extends FactType = FactType> {
  type: T
  subject: string
  data: FactBody<T>
}
export const fact = <T extends FactType>(type: T, subject: string, data: FactBody<T>): Fact<T> => ({
  type,
  subject,
  data,
})

/** What the state machine asks of the world. It does nothing by itself. */
export type Effect =
  /** Write facts and state in one transaction; then call `stored(token)` where it is set. */
  | { do: 'store'; facts: Fact[]; puts: Put[]; token: string | null }
  /** Ask a controller, but not later than `notAfter` on the monotonic clock; then call `answered`. */
  | {
      do: 'ask'
      bank: string
      device: string
      request: ShelvingRequest
      command: string | null
      notAfter: number
    }
  /** Tell live screens. */
  | { do: 'tell'; transition: CommandTransition }
  /** The fire inputs or latches of a room changed. */
  | { do: 'fire'; room: string }

export interface Person {
  id: string
  name: string
  roles: readonly string[]
}

/** A request from the server (signature and gateway checked by the uplink) or from the console. */
export interface Request {
  id: string
  origin: 'server' | 'console'
  bank: string
  verb: ShelvingVerb
  /** For lock and unlock the column. */
  aisle: number | null
  requester: Person
  approver: Person | null
  reason: string | null
  purpose: string | null
  expectedRevision: number | null
  /** Monotonic instant until which the quoted nonce holds; null when none was quoted or it is not ours (S5). */
  nonceUntil: number | null
  /** Wall milliseconds; null for the console, where nothing travels. */
  issuedAt: number | null
  expiresAt: number | null
  /** One aisle opened before a person's eyes to prove the side polarity (S11): the only motion of the console. */
  trial?: true
}

export type BankReportIn = {
  observed: Omit<BankObserved, 'revision'>
  inputs: Partial<Record<InterlockInput, InputReport>>
}

/** Inputs older than this count as unknown (S1). */
export const freshMs = 2000
/** The permit is a lease of this length, renewed at every look (S2); nothing renews it when nothing runs. */
export const leaseMs = 500
/** A motion request reaches the controller within this time of its decision, or not at all. */
export const askWithinMs = 1000
/** A command's wall-clock life may be no longer than this (S4). */
export const maxLifeMs = 5000
