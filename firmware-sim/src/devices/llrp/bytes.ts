/** Big-endian bytes of LLRP, written from the 1.0.1 specification. */
export class ByteWriter {
  #parts: Buffer[] = []

  u8(v: number): this {
    return this.#put(1, (b) => b.writeUInt8(v & 0xff))
  }
  i8(v: number): this {
    return this.#put(1, (b) => b.writeInt8(v))
  }
  u16(v: number): this {
    return this.#put(2, (b) => b.writeUInt16BE(v & 0xffff))
  }
  i16(v: number): this {
    return this.#put(2, (b) => b.writeInt16BE(v))
  }
  u32(v: number): this {
    return this.#put(4, (b) => b.writeUInt32BE(v >>> 0))
  }
  u64(v: bigint): this {
    return this.#put(8, (b) => b.writeBigUInt64BE(v))
  }
  bytes(v: Uint8Array): this {
    this.#parts.push(Buffer.from(v))
    return this
  }
  /** Length in u16, then UTF-8. */
  text(v: string): this {
    const utf8 = Buffer.from(v, 'utf8')
    return this.u16(utf8.length).bytes(utf8)
  }
  /** Parameter with a length field. */
  tlv(type: number, body: (w: ByteWriter) => void): this {
    const inner = new ByteWriter()
    body(inner)
    const bytes = inner.done()
    return this.u16(type)
      .u16(bytes.length + 4)
      .bytes(bytes)
  }
  /** Parameter of fixed length, whose type has the top bit set. */
  tv(type: number): this {
    return this.u8(0x80 | type)
  }
  /** Vendor parameter (type 1023). */
  custom(vendor: number, subtype: number, body: (w: ByteWriter) => void): this {
    return this.tlv(1023, (w) => {
      w.u32(vendor).u32(subtype)
      body(w)
    })
  }
  done(): Buffer {
    return Buffer.concat(this.#parts)
  }
  #put(size: number, write: (b: Buffer) => void): this {
    const b = Buffer.alloc(size)
    write(b)
    this.#parts.push(b)
    return this
  }
}

/** Malformed input: the message cannot be understood, status 100. */
export class Malformed extends Error {}

export interface Parameter {
  readonly type: number
  readonly body: ByteReader
}

export class ByteReader {
  readonly #b: Buffer
  #at = 0

  constructor(bytes: Buffer) {
    this.#b = bytes
  }
  get left(): number {
    return this.#b.length - this.#at
  }
  u8(): number {
    return this.#take(1).readUInt8()
  }
  u16(): number {
    return this.#take(2).readUInt16BE()
  }
  u32(): number {
    return this.#take(4).readUInt32BE()
  }
  rest(): Buffer {
    return this.#take(this.left)
  }
  /** The TLV parameters up to the end. Clients send no TV parameters to a reader. */
  parameters(): Parameter[] {
    const found: Parameter[] = []
    while (this.left > 0) {
      const type = this.u16()
      const length = this.u16()
      if (type > 1023 || length < 4) throw new Malformed(`parameter ${type} of length ${length}`)
      found.push({ type, body: new ByteReader(this.#take(length - 4)) })
    }
    return found
  }
  #take(count: number): Buffer {
    if (count > this.left) throw new Malformed(`${count} bytes wanted, ${this.left} left`)
    this.#at += count
    return this.#b.subarray(this.#at - count, this.#at)
  }
}
