import { BankPlace, Closed, type InterlockInput, OneOf } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import { Host, Port, words } from '../schema.ts'

/** Fields of every networked controller of a bank. Looks are at most half a second apart: S1's two seconds hold with a lost one. */
export const bankFields = {
  ...BankPlace.properties,
  host: Host,
  port: Port,
  everyMs: Type.Integer({ minimum: 50, maximum: 500, ...words('周期 ms', 'Every ms') }),
  /** How the controller counts: by the numbers of the device list, or 1, 2, 3 … in rail order. */
  numbers: OneOf(['columns', 'order'], words('列号方式', 'Numbers')),
}
const Fields = Closed(bankFields)
export type BankFields = Static<typeof Fields>

/**
 * Of a controller that names aisles and needs no side: what it does not give has to be accepted by two persons before it
 * may move (S1). One that gives everything needs no commissioning.
 */
export const accepting = (notProvided: readonly string[]): { leftIs?: 'absolute' } =>
  notProvided.length > 0 ? { leftIs: 'absolute' } : {}

/** Which side of a column the controller calls left: that of the fixed column, or the other. Left out: not commissioned. */
export const LeftIs = Type.Optional(OneOf(['lower', 'higher'], words('左侧为', 'Left is')))
export type Side = 'lower' | 'higher'
export const otherSide = (side: Side): Side => (side === 'lower' ? 'higher' : 'lower')

/** The controller's number of a column, and back; null where there is none. */
export const numberOf = ({ numbers, columns }: BankFields, column: number): number | null => {
  const at = columns.indexOf(column)
  if (at < 0) return null
  return numbers === 'order' ? at + 1 : column
}
export const columnOf = ({ numbers, columns }: BankFields, number: number): number | null => {
  if (numbers === 'order') return columns[number - 1] ?? null
  return columns.includes(number) ? number : null
}

/** Sentences for `check()`: which inputs this protocol can never give, so that nobody wonders why nothing moves. */
export function lacking(
  cannotGive: readonly InterlockInput[],
  { notProvided }: Pick<BankFields, 'notProvided'>,
  protocol: string,
): string[] {
  const unnamed = cannotGive.filter((i) => !(notProvided as readonly string[]).includes(i))
  return unnamed.length === 0
    ? []
    : [
        `notProvided: ${protocol} cannot give ${unnamed.join(', ')}; name what is accepted to be missing`,
      ]
}

/** Column numbers must fit the protocol's field. */
export function numbersFault(fields: BankFields, highest: number, protocol: string): string[] {
  const wrong = fields.columns.filter((c) => (numberOf(fields, c) ?? 0) > highest)
  return wrong.length === 0
    ? []
    : [`columns: ${protocol} counts to ${highest}, so ${wrong.join(', ')} cannot be named`]
}
