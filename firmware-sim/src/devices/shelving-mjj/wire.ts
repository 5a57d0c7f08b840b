/** Hex frames of an MJJ controller: `55 LEN TYPE ZONE COL CMD DATA… CRC8 68`. Written from the description, for the device's side. */

export interface CrcRule {
  readonly poly: number
  readonly init: number
  readonly reflectIn: boolean
  readonly reflectOut: boolean
  readonly xorOut: number
}

const mirror = (b: number) =>
  Number.parseInt(b.toString(2).padStart(8, '0').split('').reverse().join(''), 2)

/** One table entry a byte value. */
export function crcTable(rule: CrcRule): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, value) => {
    let register = rule.reflectIn ? mirror(value) : value
    for (let i = 0; i < 8; i++) {
      const out = register >> 7
      register = (register << 1) & 0xff
      if (out) register ^= rule.poly
    }
    return register
  })
}

export interface Message {
  readonly zone: number
  readonly column: number
  readonly command: number
  readonly data: readonly number[]
}

export class MjjWire {
  readonly #table: Uint8Array
  readonly #rule: CrcRule
  readonly #type: number

  constructor(rule: CrcRule, type: number) {
    this.#rule = rule
    this.#type = type
    this.#table = crcTable(rule)
  }

  #check(bytes: readonly number[]): number {
    const { init, reflectIn, reflectOut, xorOut } = this.#rule
    let sum = init
    // The table already holds what a mirrored byte gives; the register itself stays unmirrored.
    for (const b of bytes) sum = this.#table[reflectIn ? mirror(sum) ^ b : sum ^ b] ?? 0
    return (reflectOut ? mirror(sum) : sum) ^ xorOut
  }

  write(m: Message): Buffer {
    const counted = [5 + m.data.length, this.#type, m.zone, m.column, m.command, ...m.data]
    return Buffer.from([0x55, ...counted, this.#check(counted), 0x68])
  }

  /** Good frames of a datagram; anything else in it is passed over. */
  read(datagram: Uint8Array): Message[] {
    const messages: Message[] = []
    for (let i = 0; i < datagram.length; ) {
      const count = datagram[i + 1] ?? 0
      const counted = [...datagram.subarray(i + 1, i + 1 + count)]
      const [sum, end] = datagram.subarray(i + 1 + count, i + 3 + count)
      const good =
        datagram[i] === 0x55 && count >= 5 && end === 0x68 && sum === this.#check(counted)
      if (good) {
        const [, , zone = 0, column = 0, command = 0, ...data] = counted
        messages.push({ zone, column, command, data })
      }
      i += good ? count + 3 : 1
    }
    return messages
  }
}
