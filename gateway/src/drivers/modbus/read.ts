import type { Profile } from './profile.ts'
import { type ModbusSession, type Outcome, type Urgency, urgency } from './session.ts'

export type ReadFailure =
  | { kind: 'lost'; why: string }
  /** The device answered, but not with what was asked for. */
  | { kind: 'refused'; code: number }
/** Registers by block name; a block of bits is given as zeros and ones. */
export type Blocks = Map<string, number[]>

const registersOf = (outcome: Outcome): number[] | ReadFailure => {
  switch (outcome.kind) {
    case 'registers':
      return outcome.values
    case 'bits':
      return outcome.bits.map(Number)
    case 'exception':
      return { kind: 'refused', code: outcome.code }
    case 'lost':
      return { kind: 'lost', why: outcome.why }
    case 'withdrawn':
      return { kind: 'lost', why: 'never sent' }
    case 'written':
      return { kind: 'lost', why: 'a read was answered as a write' }
  }
}

export const failed = <T>(result: T | ReadFailure): result is ReadFailure =>
  typeof result === 'object' && result !== null && 'kind' in result

/** Why a driver gives up on a line that is well; null where the line itself is gone. */
export const refusal = (failure: ReadFailure, what: string): string | null =>
  failure.kind === 'refused' ? `exception ${failure.code} to a read of ${what}` : null

/** Reads one range of registers or bits. */
export async function readRange(
  session: ModbusSession,
  unit: number,
  range: { fc: 1 | 2 | 3 | 4; address: number; count: number },
  wanted: Urgency = urgency.poll,
): Promise<number[] | ReadFailure> {
  const { fc, address, count } = range
  return registersOf(await session.request(unit, { fc, address, count }, wanted))
}

/** Reads every block of a profile, or says why the first one failed. `columns` is the count of that name. */
export async function readBlocks(
  session: ModbusSession,
  unit: number,
  profile: Profile,
  columns = 0,
): Promise<Blocks | ReadFailure> {
  const blocks: Blocks = new Map()
  for (const block of profile.blocks) {
    const count = block.count === 'columns' ? columns : block.count
    const registers = await readRange(session, unit, { ...block, count })
    if (failed(registers)) return registers
    blocks.set(block.name, registers)
  }
  return blocks
}

/** `same`: it is the device we think. A profile without identity can prove nothing and is taken as it is. */
export async function readIdentity(
  session: ModbusSession,
  unit: number,
  profile: Profile,
): Promise<'same' | 'other' | ReadFailure> {
  const identity = profile.identity
  if (!identity) return 'same'
  const expected = identity.expect === 'unit' ? [unit] : identity.expect
  const { fc, address } = identity
  const registers = await readRange(session, unit, { fc, address, count: expected.length })
  if (failed(registers)) return registers
  return expected.every((value, i) => registers[i] === value) ? 'same' : 'other'
}
