import type { ByteReader, ByteWriter } from './bytes.ts'

/** One field of a message or parameter: how it is read and written. `kind` describes it for generated tests. */
export interface Field<T> {
  readonly kind: FieldKind
  read(r: ByteReader): T
  write(w: ByteWriter, value: T): void
}
export type FieldKind =
  | { is: 'uint'; bits: 8 | 16 | 32 }
  | { is: 'int'; bits: 8 | 16 }
  | { is: 'u64' }
  | { is: 'bytes'; length: number }
  | { is: 'text' }
  | { is: 'list'; bits: 8 | 16 | 32 }
  | { is: 'bits' }
  | { is: 'words' }
  | { is: 'rest' }
  | { is: 'flags'; parts: FlagParts }
  | { is: 'reserved'; length: number }

export type FieldMap = Record<string, Field<unknown>>
export type Values<F extends FieldMap> = {
  [K in keyof F]: F[K] extends Field<infer T> ? T : never
}

export const u8: Field<number> = {
  kind: { is: 'uint', bits: 8 },
  read: (r) => r.u8(),
  write: (w, v) => w.uint(8, v),
}
export const u16: Field<number> = {
  kind: { is: 'uint', bits: 16 },
  read: (r) => r.u16(),
  write: (w, v) => w.uint(16, v),
}
export const u32: Field<number> = {
  kind: { is: 'uint', bits: 32 },
  read: (r) => r.u32(),
  write: (w, v) => w.uint(32, v),
}
/** Two's complement. Peak RSSI is one of these; other decoders print −55 as 201. */
export const i8: Field<number> = {
  kind: { is: 'int', bits: 8 },
  read: (r) => r.i8(),
  write: (w, v) => w.int(8, v),
}
export const i16: Field<number> = {
  kind: { is: 'int', bits: 16 },
  read: (r) => r.i16(),
  write: (w, v) => w.int(16, v),
}
/** Microseconds; more than a double can count. */
export const u64: Field<bigint> = {
  kind: { is: 'u64' },
  read: (r) => r.u64(),
  write: (w, v) => w.u64(v),
}

export const bytes = (length: number): Field<Uint8Array> => ({
  kind: { is: 'bytes', length },
  read: (r) => r.bytes(length),
  write: (w, v) => {
    if (v.length !== length) throw new RangeError(`${v.length} bytes, not ${length}`)
    w.bytes(v)
  },
})

/** u16 length and UTF-8. Bytes that are no UTF-8 become U+FFFD: it is text for people only. */
export const text: Field<string> = {
  kind: { is: 'text' },
  read: (r) => new TextDecoder().decode(r.bytes(r.u16())),
  write: (w, v) => {
    const encoded = new TextEncoder().encode(v)
    w.uint(16, encoded.length)
    w.bytes(encoded)
  },
}

/** u16 count and that many numbers. */
export const list = (bits: 8 | 16 | 32): Field<number[]> => ({
  kind: { is: 'list', bits },
  read: (r) => {
    // Checked before anything is made, so that a count cannot ask for memory that no bytes stand behind.
    const part = r.part((r.u16() * bits) / 8)
    const values: number[] = []
    while (part.left > 0)
      values.push(bits === 8 ? part.u8() : bits === 16 ? part.u16() : part.u32())
    return values
  },
  write: (w, v) => {
    w.uint(16, v.length)
    for (const n of v) w.uint(bits, n)
  },
})

export interface BitString {
  bits: number
  /** Left-aligned, padded with zeros. */
  bytes: Uint8Array
}
/** u16 count of bits, then the bits. */
export const bits: Field<BitString> = {
  kind: { is: 'bits' },
  read: (r) => {
    const count = r.u16()
    return { bits: count, bytes: r.bytes(Math.ceil(count / 8)) }
  },
  write: (w, v) => {
    if (v.bytes.length !== Math.ceil(v.bits / 8))
      throw new RangeError(`${v.bytes.length} bytes for ${v.bits} bits`)
    w.uint(16, v.bits)
    w.bytes(v.bytes)
  },
}

/** u16 count of 16-bit words, then the words: tag memory. */
export const words: Field<Uint8Array> = {
  kind: { is: 'words' },
  read: (r) => r.bytes(r.u16() * 2),
  write: (w, v) => {
    if (v.length % 2 !== 0) throw new RangeError('half a word')
    w.uint(16, v.length / 2)
    w.bytes(v)
  },
}

/** Everything up to the end of the parent. */
export const rest: Field<Uint8Array> = {
  kind: { is: 'rest' },
  read: (r) => r.bytes(r.left),
  write: (w, v) => w.bytes(v),
}

/** Written as zeros, not looked at. */
export const reserved = (length: number): Field<undefined> => ({
  kind: { is: 'reserved', length },
  read: (r) => void r.bytes(length),
  write: (w) => w.bytes(new Uint8Array(length)),
})

/** A bit by its number, or [lowest bit, width]. */
export type FlagParts = Record<string, number | readonly [at: number, width: number]>
type FlagValues<P extends FlagParts> = { [K in keyof P]: P[K] extends number ? boolean : number }

/** Named bits of one integer; the others are reserved. */
export const flags = <const P extends FlagParts>(
  width: 8 | 16,
  parts: P,
): Field<FlagValues<P>> => ({
  kind: { is: 'flags', parts },
  read: (r) => {
    const raw = width === 8 ? r.u8() : r.u16()
    const values = Object.entries(parts).map(([name, part]) =>
      typeof part === 'number'
        ? [name, ((raw >> part) & 1) === 1]
        : [name, (raw >> part[0]) & (2 ** part[1] - 1)],
    )
    return Object.fromEntries(values) as FlagValues<P>
  },
  write: (w, v) => {
    let raw = 0
    for (const [name, part] of Object.entries(parts)) {
      const value = Number(v[name])
      const [at, size] = typeof part === 'number' ? [part, 1] : part
      if (value >= 2 ** size) throw new RangeError(`${name}: ${value} in ${size} bits`)
      raw |= value << at
    }
    w.uint(width, raw)
  },
})

export function readValues<F extends FieldMap>(fields: F, r: ByteReader): Values<F> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, field]) => [name, field.read(r)]),
  ) as Values<F>
}

export function writeValues(fields: FieldMap, w: ByteWriter, values: Record<string, unknown>) {
  for (const [name, field] of Object.entries(fields)) field.write(w, values[name])
}
