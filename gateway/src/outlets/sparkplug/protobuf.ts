/** As much of the protocol buffers wire format as Sparkplug's payload needs. Pure. */

const varintType = 0
const wide = 1
const delimited = 2
const narrow = 5

export class ProtoWriter {
  readonly #bytes: number[] = []

  get bytes(): Uint8Array {
    return Uint8Array.from(this.#bytes)
  }
  /** A whole number from 0 to 2^64 − 1. */
  uint(field: number, value: number | bigint): this {
    this.#tag(field, varintType)
    this.#varint(BigInt(value))
    return this
  }
  bool(field: number, value: boolean): this {
    return this.uint(field, value ? 1 : 0)
  }
  double(field: number, value: number): this {
    this.#tag(field, wide)
    const raw = Buffer.alloc(8)
    raw.writeDoubleLE(value)
    this.#bytes.push(...raw)
    return this
  }
  text(field: number, value: string): this {
    return this.message(field, Buffer.from(value, 'utf8'))
  }
  message(field: number, value: Uint8Array): this {
    this.#tag(field, delimited)
    this.#varint(BigInt(value.length))
    for (const b of value) this.#bytes.push(b)
    return this
  }

  #tag(field: number, type: number) {
    this.#varint(BigInt((field << 3) | type))
  }
  #varint(value: bigint) {
    let rest = value
    while (rest > 0x7fn) {
      this.#bytes.push(Number(rest & 0x7fn) | 0x80)
      rest >>= 7n
    }
    this.#bytes.push(Number(rest))
  }
}

export type ProtoField =
  | { readonly field: number; readonly value: bigint }
  | { readonly field: number; readonly value: Uint8Array }

/** The fields of one message, fixed-width ones as their bytes; null where the bytes are no message. */
export function readFields(bytes: Uint8Array): ProtoField[] | null {
  const fields: ProtoField[] = []
  let at = 0
  const varint = (): bigint | null => {
    let value = 0n
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const b = bytes[at]
      if (b === undefined) return null
      at += 1
      value |= BigInt(b & 0x7f) << shift
      if (b < 0x80) return value
    }
    return null
  }
  while (at < bytes.length) {
    const tag = varint()
    if (tag === null) return null
    const field = Number(tag >> 3n)
    const type = Number(tag & 7n)
    if (type === varintType) {
      const value = varint()
      if (value === null) return null
      fields.push({ field, value })
      continue
    }
    const said = type === wide ? 8n : type === narrow ? 4n : type === delimited ? varint() : null
    if (said === null || said > BigInt(bytes.length - at)) return null
    fields.push({ field, value: bytes.subarray(at, at + Number(said)) })
    at += Number(said)
  }
  return fields
}
