/** The PLC of a Stow mobile racking on the wire: requests of two bytes, twenty bytes of status for each. */
import type { BankController } from '../shelving/controller.ts'

const askStatus = 2
const askOpen = 1

export interface StowState {
  /** Messages since the start, as a byte. */
  messages: number
  requested: number
  lastOpen: number
}

const byteOf = (flags: readonly boolean[]) => flags.reduce((b, on, i) => b | (on ? 1 << i : 0), 0)

/** Aisles are counted from one in rail order. */
export function answer(
  request: readonly [number, number],
  bank: BankController,
  state: StowState,
  open: (column: number) => void,
): Buffer {
  const [aisle, what] = request
  state.messages = (state.messages + 1) & 0xff
  const column = bank.rail.columns[aisle - 1]?.column
  if (what === askOpen && column !== undefined) {
    state.requested = aisle
    open(column)
  }
  return image(request, bank, state)
}

/** Version 2.5, alarm bits after the maker's list of July 2025. */
function image([first, second]: readonly [number, number], bank: BankController, state: StowState) {
  const s = bank.status()
  const open = bank.rail.columns.findIndex((c) => c.column === s.openAisle) + 1
  if (!s.moving) {
    if (open > 0) state.lastOpen = open
    state.requested = 0
  }
  const released = s.mains && !s.eStop && !s.forbid && s.faultCode === 0
  const flags = byteOf([true, !s.manual, released, s.manual, s.night, s.moving, s.mains])
  const alarms = byteOf([s.obstacle, false, false, s.eStop, false, false, false, !s.mains])
  const lit = open > 0 ? 1 << (open - 1) : 0
  const bytes = Buffer.alloc(20)
  bytes.set([first, second, 2, 5, state.messages, flags, s.x.length, s.occupied ? 1 : 0, alarms])
  bytes.writeUInt32LE(lit >>> 0, 10)
  bytes.set([state.requested, state.lastOpen, 0, s.faultCode], 14)
  return bytes
}

export const isKnown = (second: number) => second === askStatus || second === askOpen
