/** What the columns of an MJJ bank say and take: digits of sides, commands, the questions of a master. */
import type { BankController, Verb } from '../shelving/controller.ts'
import type { Message } from './wire.ts'

export type LeftIs = 'lower' | 'higher'
export interface MjjManner {
  readonly zone: number
  readonly leftIs: LeftIs
  readonly fixed: 'left' | 'right'
}

const right = 1
const left = 2
const locked = 4
export const standing = 0x8b
export const moving = 0x8c
export const alarm = 0x89

/** 0 in place on both sides, 1 right, 2 left, 3 neither, 4 locked. */
export function stateOf(bank: BankController, at: number, leftIs: LeftIs): number {
  const s = bank.status()
  if (s.held[at]) return locked
  const limit = s.limits[at]
  if (!limit) return 3
  const onLeft = leftIs === 'lower' ? limit.left : limit.right
  const onRight = leftIs === 'lower' ? limit.right : limit.left
  return [3, left, right, 0][(onLeft ? 1 : 0) + (onRight ? 2 : 0)] ?? 3
}

/** One frame a movable column: moving or standing, and where. Columns count in rail order. */
export function reportOf(bank: BankController, column: number, m: MjjManner): Message | null {
  if (column < 2 || column > bank.rail.columns.length) return null
  const command = bank.status().moving ? moving : standing
  return { zone: m.zone, column, command, data: [stateOf(bank, column - 1, m.leftIs)] }
}
export const alarmOf = (bank: BankController, m: MjjManner): Message => {
  const s = bank.status()
  const code = s.eStop ? 1 : s.obstacle || s.occupied ? 2 : s.faultCode || (s.mains ? 0 : 3)
  return { zone: m.zone, column: 0, command: alarm, data: [code] }
}

/** What a command asks of the steel; null when it asks nothing of it. */
export function orderOf(
  { command, column, data }: Message,
  bank: BankController,
  m: MjjManner,
): { verb: Verb; aisle: number } | null {
  if (command === 0x84) return { verb: 'close', aisle: 0 }
  if (command === 0x8f) return { verb: 'ventilate', aisle: 0 }
  if (command !== (m.fixed === 'left' ? 0x81 : 0x82)) return null
  const [side] = data
  if (side !== left && side !== right) return null
  const higher = (side === left) === (m.leftIs === 'higher')
  const aisle = bank.rail.columns[column - (higher ? 1 : 2)]?.column
  return aisle === undefined ? null : { verb: 'open', aisle }
}
