import type { ShelvingRequest } from '../driver.ts'
import { numberOf } from '../shelving/place.ts'
import { commands, type Frame } from './frames.ts'
import type { MjjShelving } from './kind.ts'

/** Digits of a side in the data of an open command, as in the reports of a column. */
export const sideDigit = { right: 1, left: 2 } as const
/** Layer and section light a lamp in the aisle; none is asked for. */
const noLayer = 0
const noSection = 0

/** The frame of a request; null where the controller has no such verb, or where nobody has said which side is left. */
export function frameOf(device: MjjShelving, { verb, aisle }: ShelvingRequest): Frame | null {
  const { type, zone } = device
  const whole = { type, zone, column: 0, data: new Uint8Array(0) }
  if (verb === 'close') return { ...whole, command: commands.close }
  if (verb === 'ventilate') return { ...whole, command: commands.ventilate }
  const column = aisle === null ? null : numberOf(device, aisle)
  if (verb !== 'open' || column === null || device.leftIs === undefined) return null
  // An aisle lies on the higher side of the column that names it.
  const side = device.leftIs === 'higher' ? sideDigit.left : sideDigit.right
  const command = device.fixed === 'left' ? commands.openFixedLeft : commands.openFixedRight
  return { type, zone, column, command, data: Uint8Array.of(side, noLayer, noSection) }
}

/** Questions of one look: each column that can move, and the alarm. That these commands ask is our assumption. */
export function questionsOf(device: MjjShelving): Frame[] {
  const { type, zone, columns } = device
  const ask = (column: number, command: number) => ({ type, zone, column, command, data: none })
  return [
    ...columns.slice(1).map((c) => ask(numberOf(device, c) ?? 0, commands.finished)),
    ask(0, commands.alarm),
  ]
}
const none = new Uint8Array(0)
