import type { BankObserved, InterlockInput } from '@lantai/contracts'
import type { InputReport } from '../driver.ts'

/** What every entry of a shelving driver has, whatever it speaks. */
export interface ShelvingPlace {
  id: string
  bank: string
  /** Rail order, the fixed one first. */
  columns: readonly number[]
  /** Milliseconds from one look to the next while nothing moves. */
  everyMs: number
}

export type Observed = Omit<BankObserved, 'revision'>

/** One look at a controller: what it said, and nothing that was inferred from what was sent (rule S6). */
export interface BankStatus {
  observed: Observed
  inputs: Partial<Record<InterlockInput, InputReport>>
  /** Seconds since the controller started; null where its protocol has none. */
  uptimeS: number | null
}

/** Inputs that a controller may report. `link` is ours; `fire` is never its; `otherAisle` follows from motion. */
export const reportable = [
  'eStop',
  'obstacle',
  'occupied',
  'door',
  'forbid',
  'manual',
  'night',
  'controllerFault',
  'power',
] as const satisfies InterlockInput[]

export const reportOf = (on: boolean | null): InputReport =>
  on === null ? 'unknown' : on ? 'active' : 'clear'

export function modeOf(manual: boolean | null, night: boolean | null): Observed['mode'] {
  if (manual) return 'manual'
  if (night) return 'night'
  return manual === null || night === null ? 'unknown' : 'auto'
}

/** Nothing is known of the bank: where a status begins, and what is left of it when its controller is not heard. */
export const nothingKnown = (place: ShelvingPlace): Observed => ({
  bank: place.bank,
  mode: 'unknown',
  motion: 'unknown',
  openAisle: null,
  ventilating: null,
  columns: place.columns.map((column) => ({ column, xMm: null, locked: null })),
  faults: [],
})

/** What is known of a bank that cannot be heard: nothing. */
export function unheard(place: ShelvingPlace): Omit<BankStatus, 'uptimeS'> {
  const inputs: BankStatus['inputs'] = { link: 'active' }
  for (const input of reportable) inputs[input] = 'unknown'
  return { inputs, observed: nothingKnown(place) }
}
