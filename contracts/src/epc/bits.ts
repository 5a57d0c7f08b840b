/** Numbers between bits of tag memory. Bit 0 is the first and most significant one. */

export const isHex = (text: string): boolean => /^[0-9A-Fa-f]+$/.test(text)

/** All bits of a hex text as one number; the text must be hex. */
export const toBits = (hex: string): bigint => BigInt(`0x${hex}`)

export const toHex = (bits: bigint, digits: number): string =>
  bits.toString(16).toUpperCase().padStart(digits, '0')

export const allOnes = (count: number): bigint => (1n << BigInt(count)) - 1n

/** Takes fields off the front of a fixed number of bits. */
export class BitReader {
  readonly #bits: bigint
  #left: number

  constructor(bits: bigint, length: number) {
    this.#bits = bits
    this.#left = length
  }
  take(count: number): bigint {
    this.#left -= count
    return (this.#bits >> BigInt(this.#left)) & allOnes(count)
  }
}

/** Puts fields behind one another; a value that does not fit into its field is a RangeError. */
export class BitWriter {
  bits = 0n
  length = 0

  put(value: bigint, count: number): this {
    if (value < 0n || value > allOnes(count))
      throw new RangeError(`${value} does not fit into ${count} bits`)
    this.bits = (this.bits << BigInt(count)) | value
    this.length += count
    return this
  }
}
