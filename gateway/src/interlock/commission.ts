import type { InterlockInput, SidePolarity } from '@lantai/contracts'
import type { BankConfig } from './types.ts'

export type Side = Extract<SidePolarity, 'lower' | 'higher'>

/** What a trial has proven, who watched it, and when (rule S11). */
export interface ProvenSide {
  leftIs: Side
  by: string
  at: string
}
/** Inputs that the controller cannot give and that two persons accepted to go without (rule S1). */
export interface AcceptedInputs {
  inputs: InterlockInput[]
  by: string
  second: string
  at: string
}

export const sideKey = (bank: string) => `commissioned.side.${bank}`
export const inputsKey = (bank: string) => `commissioned.inputs.${bank}`

/** What was proven and accepted on site for one bank. It outlives restarts; it moves nothing. */
export class Commissioned {
  readonly #config: BankConfig
  side: ProvenSide | null
  inputs: AcceptedInputs | null

  constructor(config: BankConfig, restored: Record<string, string>) {
    this.#config = config
    const read = (key: string) => {
      const text = restored[key]
      return text === undefined ? null : JSON.parse(text)
    }
    this.side = read(sideKey(config.bank))
    this.inputs = read(inputsKey(config.bank))
  }

  /** Why this bank may not move; null when it may, or when its driver needs no commissioning. */
  refusal(): string | null {
    const { leftIs } = this.#config
    if (leftIs === undefined) return null
    return this.sideRefusal() ?? this.inputsRefusal()
  }

  sideRefusal(): string | null {
    const { leftIs } = this.#config
    if (leftIs === undefined || leftIs === 'absolute') return null
    if (leftIs === 'unset' || !this.side) return 'side polarity not commissioned'
    return this.side.leftIs === leftIs
      ? null
      : `side polarity is set to ${leftIs}, but ${this.side.leftIs} was proven`
  }

  inputsRefusal(): string | null {
    const open = this.#config.notProvided.filter((i) => !this.inputs?.inputs.includes(i))
    return open.length === 0 ? null : `missing inputs not accepted: ${open.join(', ')}`
  }
}

/**
 * What it proves when `asked` was requested under the setting `leftIs` and `opened` is what a person saw: the side
 * itself when they are the same, the other one when it was the aisle across the column, null when neither explains it.
 * Aisles are named by the column on their lower side.
 */
export function provenBy(
  columns: readonly number[],
  leftIs: Side,
  asked: number,
  opened: number | null,
): Side | null {
  if (opened === asked) return leftIs
  const across = columns[columns.indexOf(asked) - 1]
  if (opened === null || across === undefined || opened !== across) return null
  return leftIs === 'lower' ? 'higher' : 'lower'
}

/** Why an aisle is no good for a trial; null when it is. With one on either side of its column both answers differ. */
export function trialFault(columns: readonly number[], aisle: number | null): string | null {
  const at = aisle === null ? -1 : columns.indexOf(aisle)
  if (at < 0) return 'aisle unknown'
  return at === 0 ? 'the first aisle has none across its column: choose another' : null
}
