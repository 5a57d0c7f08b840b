/**
 * Bodies of the AutoID types that we read and write, in OPC UA Binary (OPC 30010 1.01, 9.3 and 9.4; layout from the
 * nodeset of 2020-06-18). Read by ourselves and not by the stack's dictionary: a wrong field name there gives 0 in silence.
 */
import { BadBody, BodyReader, BodyWriter } from './bytes.ts'

/** Ids of the binary encodings, in the AutoID namespace. */
export const encodings = { rfidScanResult: 5011, scanSettings: 5015, scanData: 5030 } as const

export type ScanData =
  | { kind: 'none' }
  | { kind: 'bytes'; bytes: Uint8Array | null }
  | { kind: 'string'; text: string | null }
  | { kind: 'epc'; pc: number; uid: Uint8Array | null; xpc1: number; xpc2: number }

export interface Sighting {
  antenna: number
  strength: number
  /** Wall milliseconds of the device. */
  atMs: number | null
  powerLevel: number
}

export interface RfidScanResult {
  codeType: string | null
  data: ScanData
  atMs: number | null
  sightings: Sighting[]
}

const mostSightings = 1000

/** Null and the reason instead of half a result. */
export function decodeScanResult(
  body: Uint8Array,
): { ok: true; result: RfidScanResult } | { ok: false; why: string } {
  return attempt(() => {
    const r = new BodyReader(body)
    const mask = r.uint32()
    if (mask > 1) throw new BadBody(`optional fields ${mask.toString(2)}`)
    const codeType = r.string()
    const data = readScanData(r)
    const atMs = r.time()
    if (mask === 1) skipLocation(r)
    const sightings = readSightings(r)
    if (r.left > 0) throw new BadBody(`${r.left} bytes too many`)
    return { codeType, data, atMs, sightings }
  })
}

/** A value of `LastScanData` where the device gives the union itself. */
export function decodeScanData(
  body: Uint8Array,
): { ok: true; result: ScanData } | { ok: false; why: string } {
  return attempt(() => {
    const r = new BodyReader(body)
    const data = readScanData(r)
    if (r.left > 0) throw new BadBody(`${r.left} bytes too many`)
    return data
  })
}

function attempt<T>(read: () => T): { ok: true; result: T } | { ok: false; why: string } {
  try {
    return { ok: true, result: read() }
  } catch (error) {
    if (error instanceof BadBody) return { ok: false, why: error.message }
    throw error
  }
}

function readScanData(r: BodyReader): ScanData {
  const field = r.uint32()
  switch (field) {
    case 0:
      return { kind: 'none' }
    case 1:
      return { kind: 'bytes', bytes: r.byteString() }
    case 2:
      return { kind: 'string', text: r.string() }
    case 3: {
      const pc = r.uint16()
      const uid = r.byteString()
      return { kind: 'epc', pc, uid, xpc1: r.uint16(), xpc2: r.uint16() }
    }
    default:
      // `Custom` is a value of any type: nothing in it says what is a tag.
      throw new BadBody(`scan data of kind ${field}`)
  }
}

function skipLocation(r: BodyReader) {
  const field = r.uint32()
  if (field === 0) return
  if (field === 1 || field === 4) r.string()
  else if (field === 2) {
    for (let i = 0; i < 3; i++) r.double()
    r.time()
    r.double()
    r.int32()
  } else if (field === 3) {
    r.string()
    r.double()
    r.string()
    r.double()
    r.double()
    r.time()
    r.double()
    r.int32()
    r.int32()
  } else throw new BadBody(`location of kind ${field}`)
}

function readSightings(r: BodyReader): Sighting[] {
  const count = r.int32()
  // Minus one is an array that is not there.
  if (count < -1 || count > mostSightings) throw new BadBody(`${count} sightings`)
  return Array.from({ length: Math.max(0, count) }, () => ({
    antenna: r.int32(),
    strength: r.int32(),
    atMs: r.time(),
    powerLevel: r.int32(),
  }))
}

/** For tests and vectors: what a device sends. Without a location. */
export function encodeScanResult({ codeType, data, atMs, sightings }: RfidScanResult): Uint8Array {
  const w = new BodyWriter()
  w.uint32(0)
  w.string(codeType)
  writeScanData(w, data)
  w.time(atMs)
  w.int32(sightings.length)
  for (const s of sightings) {
    w.int32(s.antenna)
    w.int32(s.strength)
    w.time(s.atMs)
    w.int32(s.powerLevel)
  }
  return w.bytes
}

function writeScanData(w: BodyWriter, data: ScanData) {
  if (data.kind === 'none') w.uint32(0)
  if (data.kind === 'bytes') {
    w.uint32(1)
    w.byteString(data.bytes)
  }
  if (data.kind === 'string') {
    w.uint32(2)
    w.string(data.text)
  }
  if (data.kind !== 'epc') return
  w.uint32(3)
  w.uint16(data.pc)
  w.byteString(data.uid)
  w.uint16(data.xpc1)
  w.uint16(data.xpc2)
}

/** Argument of ScanStart: without an end, until ScanStop. */
export function encodeScanSettings(): Uint8Array {
  const w = new BodyWriter()
  w.uint32(0)
  w.double(0)
  w.int32(0)
  w.boolean(false)
  return w.bytes
}
