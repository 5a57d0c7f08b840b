/** The `bank-modbus` register map: what a master may read and write. Addresses as on the wire, from zero. */
import { answers, type BankController, type Verb } from './controller.ts'

const verbs: Record<number, Verb> = {
  1: 'open',
  2: 'close',
  3: 'ventilate',
  4: 'stop',
  5: 'forbid',
  6: 'clearForbid',
  7: 'lock',
  8: 'unlock',
}
const identity = [0x4c54, 2]
const commandAt = 0x0010
const statusAt = 0x0100
const positionsAt = 0x0110
const columnsAt = 0x0130

/** Modbus exception codes. */
export const illegalAddress = 2
export const illegalValue = 3

export class BankRegisters {
  readonly #bank: BankController
  readonly #uptimeS: () => number
  #aisle = 0
  #verb = 0

  /** `uptimeS` counts from the controller's own start. */
  constructor(bank: BankController, uptimeS: () => number) {
    this.#bank = bank
    this.#uptimeS = uptimeS
  }

  /** Values of `count` registers, or an exception code when one of them does not exist. */
  read(address: number, count: number): number[] | { exception: number } {
    const all = this.#image()
    const values: number[] = []
    for (let a = address; a < address + count; a++) {
      const value = all.get(a)
      if (value === undefined) return { exception: illegalAddress }
      values.push(value & 0xffff)
    }
    return values
  }

  /** Only 0x0010 and 0x0011 are writable; a verb is obeyed after all values of one request are in. */
  write(address: number, values: readonly number[]): { exception: number } | null {
    const last = address + values.length - 1
    if (values.length === 0 || address < commandAt || last > commandAt + 1)
      return { exception: illegalAddress }
    const verb = address === commandAt ? verbs[values[0] as number] : undefined
    if (address === commandAt && !verb) return { exception: illegalValue }
    if (last === commandAt + 1) this.#aisle = values.at(-1) as number
    if (verb) {
      this.#verb = values[0] as number
      this.#bank.command(verb, this.#aisle)
    }
    return null
  }

  #image(): Map<number, number> {
    const s = this.#bank.status()
    const uptime = Math.floor(this.#uptimeS())
    const bits = [
      s.moving,
      s.eStop,
      s.obstacle,
      s.occupied,
      s.forbid,
      s.manual,
      s.night,
      s.faultCode !== 0,
      s.mains,
      s.ventilating,
      s.gate === true,
    ]
    const command = [this.#verb, this.#aisle, this.#bank.verbsAccepted]
    const status = [
      bits.reduce((word, on, i) => word | (on ? 1 << i : 0), 0),
      s.openAisle ?? 0,
      s.faultCode,
      uptime & 0xffff,
      uptime >>> 16,
      s.x.length,
    ]
    const map = new Map<number, number>()
    const put = (at: number, values: number[]) => {
      values.forEach((v, i) => {
        map.set(at + i, v)
      })
    }
    put(0, identity)
    put(commandAt, [...command, answers[this.#bank.lastAnswer]])
    put(statusAt, status)
    put(
      positionsAt,
      s.x.map((x) => Math.round(x)),
    )
    put(
      columnsAt,
      s.limits.map(
        (l, i) => (l.left ? 1 : 0) | (l.right ? 2 : 0) | (s.locked || s.held[i] ? 4 : 0),
      ),
    )
    return map
  }
}
