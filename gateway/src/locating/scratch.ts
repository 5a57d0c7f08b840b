/** Room for numbers that are done with before the next call: arrays of their own cost more than what is in them. */
export class Scratch {
  #room = new Float64Array(1024)

  /** At least `n` numbers, whatever they are. */
  of(n: number): Float64Array {
    if (this.#room.length < n) this.#room = new Float64Array(2 * n)
    return this.#room
  }

  /** At least `n` numbers, of which the first n are zero. */
  zeros(n: number): Float64Array {
    return this.of(n).fill(0, 0, n)
  }
}

const blockSize = 8192
const bytes = Float64Array.BYTES_PER_ELEMENT
let block = new ArrayBuffer(blockSize * bytes)
let used = 0

/** `n` zeros to keep, cut off a block: an array with a buffer of its own takes ten times as long to make. */
export function numbers(n: number): Float64Array {
  if (n > blockSize / 8) return new Float64Array(n)
  if (used + n > blockSize) {
    block = new ArrayBuffer(blockSize * bytes)
    used = 0
  }
  const from = used
  used += n
  return new Float64Array(block, from * bytes, n)
}
