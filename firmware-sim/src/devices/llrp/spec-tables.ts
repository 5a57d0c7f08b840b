/** The ROSpecs and AccessSpecs that clients have added, and their states. */
import type { Clock } from '@lantai/contracts'
import { type ByteReader, type ByteWriter, Malformed } from './bytes.ts'
import type { Field } from './field.ts'
import { Rounds, type RoundsOut } from './rounds.ts'
import { type AccessSpec, BadField, readAccessSpec, readRoSpec, type SpecReader } from './specs.ts'

const maxRospecs = 4
const rospecParameter = 177
const accessSpecParameter = 207
/** State byte of a ROSpec parameter: after id and priority. */
const stateAt = 5

/** The one parameter of an ADD message, and its bytes without the header. */
function given(b: ByteReader, body: Buffer, type: number): { raw: Buffer; inner: ByteReader } {
  const found = b.parameters().find((p) => p.type === type)
  if (!found) throw new Malformed(`parameter ${type} missing`)
  return { raw: body.subarray(4), inner: found.body }
}

export class RospecTable {
  readonly #clock: Clock
  readonly #field: Field
  readonly #out: RoundsOut
  readonly #reader: SpecReader
  readonly #all = new Map<number, { rounds: Rounds; enabled: boolean }>()

  constructor(clock: Clock, field: Field, reader: SpecReader, out: RoundsOut) {
    this.#clock = clock
    this.#field = field
    this.#reader = reader
    this.#out = out
  }

  get size(): number {
    return this.#all.size
  }
  get active(): boolean {
    return [...this.#all.values()].some((r) => r.rounds.active)
  }

  /** `extended`: the vendor's extensions are enabled on this connection. */
  add(b: ByteReader, body: Buffer, extended: boolean): void {
    const { raw, inner } = given(b, body, rospecParameter)
    const spec = readRoSpec(raw, inner, this.#reader, extended)
    if (this.#all.has(spec.id)) throw new BadField(`ROSpecID ${spec.id} exists already`)
    if (this.#all.size >= maxRospecs) throw new BadField('no room for another ROSpec')
    const rounds = new Rounds(spec, this.#clock, this.#field, this.#out, this.#deaf(spec.session))
    this.#all.set(spec.id, { rounds, enabled: false })
  }

  #deaf(session: number): boolean {
    return this.#reader.brand.sessionZeroOnly && session !== 0
  }

  /** 0 deletes all. */
  delete(id: number): void {
    if (id !== 0) this.#get(id)
    for (const [key, r] of this.#all) {
      if (id !== 0 && key !== id) continue
      r.rounds.stop()
      this.#all.delete(key)
    }
  }

  /** 0 means all. */
  enable(id: number, on: boolean): void {
    for (const r of id === 0 ? [...this.#all.values()] : [this.#get(id)]) {
      if (r.enabled === on) continue
      r.enabled = on
      if (on) r.rounds.enable()
      else r.rounds.stop()
    }
  }

  start(id: number): void {
    const r = this.#get(id)
    if (!r.enabled) throw new BadField(`ROSpecID ${id} is disabled`)
    r.rounds.start()
  }
  stop(id: number): void {
    this.#get(id).rounds.stop()
  }
  flush(): void {
    for (const r of this.#all.values()) r.rounds.flush()
  }

  list(w: ByteWriter): void {
    for (const { rounds, enabled } of this.#all.values()) {
      const raw = Buffer.from(rounds.spec.raw)
      raw[stateAt] = rounds.active ? 2 : enabled ? 1 : 0
      w.tlv(rospecParameter, (p) => p.bytes(raw))
    }
  }

  #get(id: number) {
    const found = this.#all.get(id)
    if (!found) throw new BadField(`ROSpecID ${id} does not exist`)
    return found
  }
}

export class AccessTable {
  readonly #most: number
  readonly #all = new Map<number, { spec: AccessSpec; enabled: boolean }>()

  constructor(most: number) {
    this.#most = most
  }

  add(b: ByteReader, body: Buffer): void {
    const { raw, inner } = given(b, body, accessSpecParameter)
    const spec = readAccessSpec(raw, inner)
    if (this.#all.size >= this.#most) throw new BadField('no room for another AccessSpec')
    this.#all.set(spec.id, { spec, enabled: false })
  }

  /** 0 deletes all. */
  delete(id: number): void {
    if (id === 0) this.#all.clear()
    else if (!this.#all.delete(id)) throw new BadField(`AccessSpecID ${id} does not exist`)
  }

  /** 0 means all. */
  enable(id: number, on: boolean): void {
    if (id !== 0 && !this.#all.has(id)) throw new BadField(`AccessSpecID ${id} does not exist`)
    for (const [key, a] of this.#all) if (id === 0 || key === id) a.enabled = on
  }

  /** What is done to each tag that a ROSpec reads. */
  for(rospec: number): AccessSpec | null {
    for (const { spec, enabled } of this.#all.values())
      if (enabled && (spec.rospec === 0 || spec.rospec === rospec)) return spec
    return null
  }

  list(w: ByteWriter): void {
    for (const { spec } of this.#all.values()) w.tlv(accessSpecParameter, (p) => p.bytes(spec.raw))
  }
}
