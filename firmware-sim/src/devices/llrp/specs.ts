/** ROSpec and AccessSpec as a client sends them, read and judged against this reader's tables. */
import type { Brand } from './brands.ts'
import { type ByteReader, Malformed, type Parameter } from './bytes.ts'
import { impinj } from './messages.ts'

/** A field that this reader cannot do: status 101, with the words that such readers use. */
export class BadField extends Error {}
/** A vendor parameter before the vendor's extensions were enabled: status 111. */
export class NotEnabled extends Error {}

export interface ReportSpec {
  /** 0 none, 1 N tags or end of AISpec, 2 N tags or end of ROSpec. */
  readonly trigger: number
  readonly n: number
  readonly content: number
  readonly crc: boolean
  readonly pc: boolean
  readonly phase: boolean
  readonly fineRssi: boolean
  readonly tid: boolean
}

export interface RoSpec {
  readonly id: number
  readonly raw: Buffer
  readonly start: { type: number; offsetMs: number; periodMs: number }
  readonly stopMs: number
  readonly antennas: readonly number[]
  readonly ai: { stopType: number; stopMs: number; quietMs: number; timeoutMs: number }
  readonly inventorySpec: number
  readonly session: number
  readonly txDbm: ReadonlyMap<number, number>
  readonly report: ReportSpec
}

export interface AccessSpec {
  readonly id: number
  readonly raw: Buffer
  readonly antenna: number
  readonly rospec: number
  readonly read: { opSpec: number; bank: number; pointer: number; words: number } | null
}

/** What a ROSpec is judged against. */
export interface SpecReader {
  readonly antennas: number
  readonly brand: Brand
}

const one = (all: Parameter[], type: number, what: string): ByteReader => {
  const found = all.find((p) => p.type === type)
  if (!found) throw new Malformed(`${what} (${type}) missing`)
  return found.body
}

/** `raw` is the whole ROSpec parameter without its header. */
export function readRoSpec(
  raw: Buffer,
  body: ByteReader,
  reader: SpecReader,
  extended: boolean,
): RoSpec {
  const id = body.u32()
  body.u8()
  const state = body.u8()
  if (id === 0) throw new BadField('invalid ROSpecID (0)')
  if (state !== 0) throw new BadField('CurrentState must be Disabled')
  const inner = body.parameters()
  const boundary = one(inner, 178, 'ROBoundarySpec').parameters()
  const stop = one(boundary, 182, 'ROSpecStopTrigger')
  const stopType = stop.u8()
  const ai = readAiSpec(one(inner, 183, 'AISpec'), reader)
  return {
    id,
    raw,
    start: readStart(one(boundary, 179, 'ROSpecStartTrigger')),
    stopMs: stopType === 1 ? stop.u32() : 0,
    ...ai,
    report: readReportSpec(one(inner, 237, 'ROReportSpec'), extended),
  }
}

function readStart(p: ByteReader): RoSpec['start'] {
  const type = p.u8()
  if (type === 3) throw new BadField('GPI start trigger not supported')
  const periodic = type === 2 ? one(p.parameters(), 180, 'PeriodicTriggerValue') : null
  return { type, offsetMs: periodic?.u32() ?? 0, periodMs: periodic?.u32() ?? 0 }
}

function readAiSpec(p: ByteReader, { antennas: available, brand }: SpecReader) {
  const wanted = Array.from({ length: p.u16() }, () => p.u16())
  const antennas = wanted.includes(0)
    ? Array.from({ length: available }, (_, i) => i + 1)
    : [...new Set(wanted)]
  const bad = antennas.find((a) => a > available)
  if (bad !== undefined || antennas.length === 0) throw new BadField(`invalid AntennaID (${bad})`)
  const inner = p.parameters()
  const stop = one(inner, 184, 'AISpecStopTrigger')
  const stopType = stop.u8()
  const stopMs = stop.u32()
  const observation = stopType === 3 ? one(stop.parameters(), 185, 'TagObservationTrigger') : null
  const ends = observation ? readEnds(observation) : { quietMs: 0, timeoutMs: 0 }
  return { antennas, ai: { stopType, stopMs, ...ends }, ...readInventory(inner, antennas, brand) }
}

/** TagObservationTrigger: type, reserved, tags, attempts, T, timeout. T is the quiet time in ms; a timeout of 0 is none. */
function readEnds(p: ByteReader): { quietMs: number; timeoutMs: number } {
  p.u8()
  p.u8()
  p.u16()
  p.u16()
  return { quietMs: p.u16(), timeoutMs: p.u32() }
}

function readInventory(inner: Parameter[], antennas: readonly number[], brand: Brand) {
  const inventory = one(inner, 186, 'InventoryParameterSpec')
  const inventorySpec = inventory.u16()
  if (inventory.u8() !== 1) throw new BadField('only air protocol 1 (EPC Gen2)')
  const full = brand.powers.at(-1)?.dbm ?? 0
  const txDbm = new Map(antennas.map((a) => [a, full]))
  let session = 0
  for (const { type, body } of inventory.parameters()) {
    if (type !== 222) continue
    const antenna = body.u16()
    const got = readAntenna(body.parameters(), brand)
    session = got.session ?? session
    if (got.dbm === undefined) continue
    for (const a of antennas) if (antenna === 0 || antenna === a) txDbm.set(a, got.dbm)
  }
  return { inventorySpec, session, txDbm }
}

function readAntenna(parameters: Parameter[], brand: Brand): { dbm?: number; session?: number } {
  const got: { dbm?: number; session?: number } = {}
  for (const { type, body } of parameters) {
    if (type === 224) got.dbm = readTransmitter(body, brand)
    if (type === 330) {
      body.u8()
      for (const inner of body.parameters()) {
        if (inner.type === 335) checkMode(inner.body.u16(), brand)
        if (inner.type === 336) got.session = inner.body.u8() >> 6
      }
    }
  }
  return got
}

function readTransmitter(p: ByteReader, brand: Brand): number {
  const hopTable = p.u16()
  const channel = p.u16()
  const index = p.u16()
  if (hopTable !== brand.hopTable) throw new BadField(`invalid HopTableID (${hopTable})`)
  if (channel > 1) throw new BadField(`invalid ChannelIndex (${channel}) on a hopping reader`)
  const power = brand.powers.find((e) => e.index === index)
  if (!power) throw new BadField(`invalid TransmitPower index (${index})`)
  return power.dbm
}

function checkMode(mode: number, { modes }: Brand): void {
  if (!modes.includes(mode)) throw new BadField(`invalid ModeIndex (${mode})`)
}

export function readReportSpec(p: ByteReader, extended: boolean): ReportSpec {
  const trigger = p.u8()
  const n = p.u16()
  let content = 0
  let air = 0
  const vendor = new Set<number>()
  for (const { type, body } of p.parameters()) {
    if (type === 238) {
      content = body.u16()
      for (const memory of body.parameters()) if (memory.type === 348) air = memory.body.u8()
    }
    if (type === 1023) readVendorContent(body, extended, vendor)
  }
  return {
    trigger,
    n,
    content,
    crc: (air & 0x80) !== 0,
    pc: (air & 0x40) !== 0,
    phase: vendor.has(52),
    fineRssi: vendor.has(53),
    tid: vendor.has(51),
  }
}

/** Impinj tag report content selector (50) with its switches. */
function readVendorContent(body: ByteReader, extended: boolean, on: Set<number>): void {
  const vendor = body.u32()
  const subtype = body.u32()
  if (vendor !== impinj || !extended) throw new NotEnabled(`custom parameter ${vendor}/${subtype}`)
  if (subtype !== 50) throw new NotEnabled(`custom parameter ${subtype}`)
  for (const { type, body: inner } of body.parameters()) {
    if (type !== 1023) continue
    inner.u32()
    const which = inner.u32()
    if (inner.u16() === 1) on.add(which)
  }
}

/** AccessSpec (207): only reads are done; of its target pattern nothing is used, every tag matches. */
export function readAccessSpec(raw: Buffer, p: ByteReader): AccessSpec {
  const id = p.u32()
  const antenna = p.u16()
  p.u8()
  p.u8()
  const rospec = p.u32()
  if (id === 0) throw new BadField('invalid AccessSpecID (0)')
  const command = one(p.parameters(), 209, 'AccessCommand').parameters()
  const op = command.find((c) => c.type === 341)?.body
  if (!op) return { id, raw, antenna, rospec, read: null }
  const opSpec = op.u16()
  op.u32()
  const bank = op.u8() >> 6
  return { id, raw, antenna, rospec, read: { opSpec, bank, pointer: op.u16(), words: op.u16() } }
}
