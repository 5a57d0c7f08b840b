/** `?07\n` asks; `07 T=+21.4 H=45.2 *14\n` answers: number, °C, % RH, XOR of all before `*`. `ERR`: broken. Pure. */
import type { Quantity } from '@lantai/contracts'

export interface Answer {
  id: number
  values: Partial<Record<Quantity, number>>
}
const longest = 64
const shape = /^((\d\d) T=([+-]\d{1,3}\.\d|ERR) H=(\d{1,3}\.\d|ERR) )\*([0-9A-F]{2})$/

export const question = (id: number) => Buffer.from(`?${String(id).padStart(2, '0')}\n`, 'latin1')
const xor = (text: string) => Buffer.from(text, 'latin1').reduce((sum, byte) => sum ^ byte, 0)
const value = (name: Quantity, text = 'ERR') => (text === 'ERR' ? {} : { [name]: Number(text) })

/** One line without its end, or why it is none. */
export function readLine(line: string): Answer | string {
  const [, summed, id, temperature, humidity, sum = ''] = shape.exec(line) ?? []
  if (!summed) return 'not an answer'
  if (xor(summed) !== Number.parseInt(sum, 16)) return 'wrong checksum'
  const values = { ...value('temperature', temperature), ...value('humidity', humidity) }
  return { id: Number(id), values }
}

/** Cuts a stream into lines, the same however it was split; one that is too long comes in pieces. */
export class Lines {
  #rest = ''

  push(chunk: Uint8Array): string[] {
    this.#rest += Buffer.from(chunk).toString('latin1')
    const lines: string[] = []
    for (;;) {
      const end = this.#rest.indexOf('\n')
      if (end > longest || (end < 0 && this.#rest.length > longest)) lines.push(this.#cut(longest))
      else if (end >= 0) lines.push(this.#cut(end + 1).slice(0, -1))
      else return lines
    }
  }
  #cut(length: number): string {
    const line = this.#rest.slice(0, length)
    this.#rest = this.#rest.slice(length)
    return line
  }
}
