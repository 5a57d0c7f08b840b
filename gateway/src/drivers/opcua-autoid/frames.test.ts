import fc from 'fast-check'
import { expect, test } from 'vitest'
import vectors from '../../../../contracts/vectors/opcua-autoid.json' with { type: 'json' }
import {
  decodeScanData,
  decodeScanResult,
  encodeScanResult,
  encodeScanSettings,
  type RfidScanResult,
  type ScanData,
} from './frames.ts'
import { tagReads } from './tag-read.ts'

const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))
const at = Date.parse('2026-01-02T03:04:05.678Z')
const seed = 30_010

test.each(vectors.scanResults)('a scan result is read: $name', (v) => {
  const { uid, bytes: raw, ...data } = v.data as { uid?: string; bytes?: string; kind: string }
  expect(decodeScanResult(bytes(v.hex))).toEqual({
    ok: true,
    result: {
      codeType: v.codeType,
      atMs: at,
      data: {
        ...data,
        ...(uid === undefined ? {} : { uid: bytes(uid) }),
        ...(raw === undefined ? {} : { bytes: bytes(raw) }),
      },
      sightings: v.sightings.map((s) => ({ ...s, atMs: at })),
    },
  })
})

test.each(vectors.refused)('not half used: $name', ({ hex, why }) => {
  expect(decodeScanResult(bytes(hex))).toEqual({ ok: false, why })
})

test('the argument of ScanStart', () => {
  expect(Buffer.from(encodeScanSettings()).toString('hex')).toBe(vectors.scanSettings.hex)
})

test('reads of a result: absent stays absent, and what is no EPC is none', () => {
  const sighting = { antenna: 2, strength: -61, atMs: at, powerLevel: 30 }
  const base = { codeType: 'EPC', atMs: at }
  const uid = bytes('340000000000000000000001')
  const epc: ScanData = { kind: 'epc', pc: 0x3000, uid, xpc1: 0, xpc2: 0 }
  const common = { epc: '340000000000000000000001', count: 1, deviceTimeMs: at }
  expect(tagReads({ ...base, data: epc, sightings: [sighting] })).toEqual([
    { ...common, pc: 0x3000, antenna: 2, rssiDbm: -61 },
  ])
  // A strength of another unit is no dBm; a result without sightings names no antenna.
  const loud = { ...sighting, strength: 87 }
  expect(tagReads({ ...base, data: epc, sightings: [loud] })?.[0]).not.toHaveProperty('rssiDbm')
  expect(tagReads({ ...base, data: epc, sightings: [] })).toEqual([
    { ...common, pc: 0x3000, antenna: 0 },
  ])
  expect(tagReads({ ...base, data: { kind: 'bytes', bytes: uid }, sightings: [] })).toEqual([
    { ...common, antenna: 0 },
  ])
  for (const data of [
    { kind: 'none' },
    { kind: 'bytes', bytes: null },
    { kind: 'bytes', bytes: bytes('340000') },
    { kind: 'string', text: 'a label' },
  ] as ScanData[])
    expect(tagReads({ ...base, data, sightings: [sighting] })).toBeNull()
})

const octets = fc.option(fc.uint8Array({ maxLength: 62 }))
const text = fc.option(fc.string({ maxLength: 40, unit: 'grapheme' }))
const word = fc.integer({ min: 0, max: 0xffff })
const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const time = fc.option(fc.integer({ min: 0, max: 4_102_444_800_000 }))
const scanData: fc.Arbitrary<ScanData> = fc.oneof(
  fc.constant<ScanData>({ kind: 'none' }),
  octets.map((b): ScanData => ({ kind: 'bytes', bytes: b })),
  text.map((t): ScanData => ({ kind: 'string', text: t })),
  fc
    .tuple(word, octets, word, word)
    .map(([pc, uid, xpc1, xpc2]): ScanData => ({ kind: 'epc', pc, uid, xpc1, xpc2 })),
)
const result: fc.Arbitrary<RfidScanResult> = fc.record({
  codeType: text,
  data: scanData,
  atMs: time,
  sightings: fc.array(fc.record({ antenna: int, strength: int, atMs: time, powerLevel: int }), {
    maxLength: 5,
  }),
})

test('whatever is encoded is read back, and a body cut short or with more behind it is refused', () => {
  fc.assert(
    fc.property(result, fc.nat(), (r, cut) => {
      const body = encodeScanResult(r)
      expect(decodeScanResult(body)).toEqual({ ok: true, result: r })
      expect(decodeScanResult(body.subarray(0, cut % body.length)).ok).toBe(false)
      expect(decodeScanResult(Uint8Array.from([...body, 0])).ok).toBe(false)
    }),
    { seed },
  )
})

test('no bytes make it throw', () => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (body) => {
      expect(typeof decodeScanResult(body).ok).toBe('boolean')
      expect(typeof decodeScanData(body).ok).toBe('boolean')
    }),
    { seed, numRuns: 2000 },
  )
})
