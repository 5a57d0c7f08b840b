/** IMS ASCII commands as the controller reads them: `START*02*LEFTOPEN*03*END`, answered by the same words. */
import type { BankController, Verb } from '../shelving/controller.ts'

export type LeftIs = 'lower' | 'higher'

const wholeBank: Readonly<Record<string, Verb>> = {
  CLOSED: 'close',
  VENTILATION: 'ventilate',
  STOP: 'stop',
}

export interface Order {
  readonly verb: Verb
  readonly aisle: number
}

/** What a command asks of the steel; null when it is not for this bank or not understood. Columns count in rail order. */
export function orderOf(
  command: string,
  number: number,
  leftIs: LeftIs,
  bank: BankController,
): Order | null {
  const parts = command.split('*')
  const [start, to, word = '', column, end] = parts
  if (parts.length !== 5 || start !== 'START' || end !== 'END' || Number(to) !== number) return null
  const verb = wholeBank[word]
  if (verb) return { verb, aisle: 0 }
  if (word !== 'LEFTOPEN' && word !== 'RIGHTOPEN') return null
  // Aisle n lies on the higher side of the n-th column.
  const wanted = word === 'LEFTOPEN' ? leftIs : leftIs === 'lower' ? 'higher' : 'lower'
  const at = Number(column) - (wanted === 'higher' ? 1 : 2)
  const aisle = bank.rail.columns[at]?.column
  return aisle === undefined ? null : { verb: 'open', aisle }
}
