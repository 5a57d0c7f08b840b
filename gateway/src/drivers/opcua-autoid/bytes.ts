/** Fields of OPC UA Binary (OPC 10000-6 5.2), as far as AutoID scan results are made of them. Little-endian. */

/** What cannot be read, and where. */
export class BadBody extends Error {
  override readonly name = 'BadBody'
}

/** Milliseconds between 1601 and 1970. */
const epochMs = 11_644_473_600_000n
const ticksPerMs = 10_000n
const longestString = 65_536

export class BodyReader {
  readonly #view: DataView
  readonly #bytes: Uint8Array
  #at = 0

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get left() {
    return this.#bytes.length - this.#at
  }
  uint16(): number {
    return this.#view.getUint16(this.#take(2), true)
  }
  uint32(): number {
    return this.#view.getUint32(this.#take(4), true)
  }
  int32(): number {
    return this.#view.getInt32(this.#take(4), true)
  }
  double(): number {
    return this.#view.getFloat64(this.#take(8), true)
  }
  /** Wall milliseconds; null for the oldest time there is, which means none. */
  time(): number | null {
    const ticks = this.#view.getBigInt64(this.#take(8), true)
    return ticks <= 0n ? null : Number(ticks / ticksPerMs - epochMs)
  }
  /** Null is not the same as empty. */
  byteString(): Uint8Array | null {
    const length = this.int32()
    if (length === -1) return null
    if (length < 0 || length > longestString) throw new BadBody(`a string of ${length} bytes`)
    const at = this.#take(length)
    return this.#bytes.slice(at, at + length)
  }
  string(): string | null {
    const bytes = this.byteString()
    if (bytes === null) return null
    try {
      return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
    } catch (cause) {
      throw new BadBody('a string that is not UTF-8', { cause })
    }
  }

  #take(count: number): number {
    if (this.left < count) throw new BadBody(`ends after ${this.#bytes.length} bytes`)
    const at = this.#at
    this.#at += count
    return at
  }
}

export class BodyWriter {
  #bytes: number[] = []

  get bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
  uint16(value: number) {
    this.#put(2, (v) => v.setUint16(0, value, true))
  }
  uint32(value: number) {
    this.#put(4, (v) => v.setUint32(0, value, true))
  }
  int32(value: number) {
    this.#put(4, (v) => v.setInt32(0, value, true))
  }
  double(value: number) {
    this.#put(8, (v) => v.setFloat64(0, value, true))
  }
  boolean(value: boolean) {
    this.#bytes.push(value ? 1 : 0)
  }
  time(ms: number | null) {
    const ticks = ms === null ? 0n : (BigInt(ms) + epochMs) * ticksPerMs
    this.#put(8, (v) => v.setBigInt64(0, ticks, true))
  }
  byteString(value: Uint8Array | null) {
    this.int32(value === null ? -1 : value.length)
    this.#bytes.push(...(value ?? []))
  }
  string(value: string | null) {
    this.byteString(value === null ? null : new TextEncoder().encode(value))
  }

  #put(count: number, set: (view: DataView) => void) {
    const buffer = new ArrayBuffer(count)
    set(new DataView(buffer))
    this.#bytes.push(...new Uint8Array(buffer))
  }
}
