/** Bytes that do not follow LLRP. TCP cannot be resynchronised, so the connection ends over it. */
export class LlrpFormatError extends Error {
  override readonly name = 'LlrpFormatError'
}

/** Reads big-endian numbers from a slice; running past its end is a format error. */
export class ByteReader {
  readonly #bytes: Uint8Array
  readonly #view: DataView
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left() {
    return this.#bytes.length - this.#at
  }
  /** The next byte without taking it. */
  peek(): number {
    return this.#view.getUint8(this.#need(1))
  }
  u8(): number {
    return this.#view.getUint8(this.#take(1))
  }
  i8(): number {
    return this.#view.getInt8(this.#take(1))
  }
  u16(): number {
    return this.#view.getUint16(this.#take(2))
  }
  i16(): number {
    return this.#view.getInt16(this.#take(2))
  }
  u32(): number {
    return this.#view.getUint32(this.#take(4))
  }
  u64(): bigint {
    return this.#view.getBigUint64(this.#take(8))
  }
  bytes(length: number): Uint8Array {
    const at = this.#take(length)
    return this.#bytes.slice(at, at + length)
  }
  /** A reader over the next `length` bytes, which are taken. */
  part(length: number): ByteReader {
    const at = this.#take(length)
    return new ByteReader(this.#bytes.subarray(at, at + length))
  }

  #need(length: number): number {
    if (length > this.left) throw new LlrpFormatError(`${length} bytes wanted, ${this.left} left`)
    return this.#at
  }
  #take(length: number): number {
    const at = this.#need(length)
    this.#at += length
    return at
  }
}

/** Writes big-endian numbers. A number that does not fit is our own mistake: RangeError. */
export class ByteWriter {
  #bytes = new Uint8Array(256)
  #length = 0

  get length() {
    return this.#length
  }
  uint(bits: 8 | 16 | 32, value: number) {
    if (!Number.isInteger(value) || value < 0 || value >= 2 ** bits)
      throw new RangeError(`${value} does not fit into ${bits} bits`)
    for (let shift = bits - 8; shift >= 0; shift -= 8) this.#push(Math.floor(value / 2 ** shift))
  }
  int(bits: 8 | 16, value: number) {
    if (!Number.isInteger(value) || value < -(2 ** (bits - 1)) || value >= 2 ** (bits - 1))
      throw new RangeError(`${value} does not fit into ${bits} bits with a sign`)
    this.uint(bits, value < 0 ? value + 2 ** bits : value)
  }
  u64(value: bigint) {
    if (value < 0n || value >= 2n ** 64n) throw new RangeError(`${value} does not fit into 64 bits`)
    for (let shift = 56n; shift >= 0n; shift -= 8n) this.#push(Number((value >> shift) & 0xffn))
  }
  bytes(bytes: Uint8Array) {
    for (const byte of bytes) this.#push(byte)
  }
  /** Overwrites what was written at `at`: a length that is known only at the end. */
  patch(at: number, bits: 16 | 32, value: number) {
    if (value >= 2 ** bits) throw new RangeError(`length ${value} does not fit into ${bits} bits`)
    const view = new DataView(this.#bytes.buffer)
    if (bits === 16) view.setUint16(at, value)
    else view.setUint32(at, value)
  }
  done(): Uint8Array {
    return this.#bytes.slice(0, this.#length)
  }

  #push(byte: number) {
    if (this.#length === this.#bytes.length) {
      const larger = new Uint8Array(this.#bytes.length * 2)
      larger.set(this.#bytes)
      this.#bytes = larger
    }
    this.#bytes[this.#length++] = byte & 0xff
  }
}
