import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { capabilitiesOf } from './capabilities.ts'
import { decodeMessage, encodeMessage, Framer, type Message, type Version } from './frames.ts'
import type { LlrpReader } from './kind.ts'
import { findAll } from './parameters.ts'
import { planOf } from './plan.ts'
import { roSpecOf } from './rospec.ts'
import { tagRead } from './tag-read.ts'

interface Written {
  name: string
  id?: number
  values: Record<string, unknown>
  params: Written[]
}
interface Vectors {
  messages: { name: string; hex: string; version?: Version; message: Written }[]
  malformed: { name: string; hex: string }[]
  skipped: { name: string; hex: string; kept: string[]; unknownTlv: number; unknownTv: number }[]
}
const file = new URL('../../../../contracts/vectors/llrp.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors
const hex = (b: Uint8Array) => Buffer.from(b).toString('hex').toUpperCase()
const bytes = (text: string) => new Uint8Array(Buffer.from(text, 'hex'))

/** As the vectors write it: bytes as hex, 64-bit numbers as text, reserved fields left out. */
const written = (value: unknown): unknown => {
  if (value instanceof Uint8Array) return hex(value)
  if (typeof value === 'bigint') return String(value)
  if (Array.isArray(value)) return value.map(written)
  if (typeof value !== 'object' || value === null) return value
  const fields = Object.entries(value).filter(([, v]) => v !== undefined)
  return Object.fromEntries(fields.map(([k, v]) => [k, written(v)]))
}
const decoded = (text: string, version: Version = 1): Message => {
  const d = decodeMessage(bytes(text))
  if (d.kind !== 'message') throw new Error(JSON.stringify(d))
  expect(d.skipped).toEqual({ unknownTlv: 0, unknownTv: 0 })
  expect(d.version).toBe(version)
  return d.message
}
const vector = (name: string) => {
  const found = vectors.messages.find((v) => v.name === name)
  if (!found) throw new Error(`no vector ${name}`)
  return found
}

test.each(vectors.messages)('golden message: $name', ({ hex: text, version, message }) => {
  const read = decoded(text, version)
  expect(written(read)).toEqual(message)
  expect(hex(encodeMessage(read, version))).toBe(text)
})

test.each(vectors.malformed)('malformed: $name', ({ hex: text }) => {
  expect(decodeMessage(bytes(text)).kind).toBe('malformed')
})

test.each(vectors.skipped)('$name', ({ hex: text, kept, unknownTlv, unknownTv }) => {
  const d = decodeMessage(bytes(text))
  if (d.kind !== 'message') throw new Error(d.kind)
  expect(d.skipped).toEqual({ unknownTlv, unknownTv })
  expect(d.message.params.flatMap((p) => p.params.map((c) => c.name))).toEqual(kept)
})

test('all vectors in one stream, split at every byte, give the same frames', () => {
  const stream = bytes(vectors.messages.map((v) => v.hex).join(''))
  const whole = new Framer().push(stream).map(hex)
  expect(whole).toEqual(vectors.messages.map((v) => v.hex))
  for (let at = 0; at <= stream.length; at++) {
    const framer = new Framer()
    const frames = [...framer.push(stream.subarray(0, at)), ...framer.push(stream.subarray(at))]
    expect(frames.map(hex), `split at ${at}`).toEqual(whole)
  }
  const framer = new Framer()
  expect([...stream].flatMap((b) => framer.push(Uint8Array.of(b))).map(hex)).toEqual(whole)
})

const capabilities = () => {
  const answer = decoded(vector('capabilities of an Impinj reader').hex)
  if (answer.name !== 'GET_READER_CAPABILITIES_RESPONSE') throw new Error(answer.name)
  const caps = capabilitiesOf(answer)
  if (!caps) throw new Error('no capabilities')
  return caps
}
const device = {
  id: 'r',
  label: 'r',
  driver: 'llrp',
  host: 'r',
  port: 5084,
  role: 'desk',
} as const
const planned = (over: Partial<LlrpReader>, caps = capabilities()) =>
  planOf({ ...device, ...over }, caps)

test.each<[string, Partial<LlrpReader>, boolean]>([
  ['live ROSpec built from those capabilities, session 2', { session: 2 }, true],
  [
    'rounds on antennas 1 and 3 of those capabilities, session 1, 10 dBm on antenna 3',
    {
      session: 1,
      antennas: [{ antenna: 1 }, { antenna: 3, powerDbm: 10.2 }],
      rounds: { everySeconds: 60, quietMs: 2000, longestMs: 20_000 },
    },
    false,
  ],
])(
  'the ROSpec is built from the tables of the reader, never from constants: %s',
  (name, over, impinj) => {
    const plan = planned(over)
    if (typeof plan === 'string') throw new Error(plan)
    expect(written([roSpecOf(plan, impinj)])).toEqual(written(decoded(vector(name).hex).params))
  },
)

test('capabilities are the tables of the reader, and absent where it has none', () => {
  expect(capabilities()).toMatchObject({
    firmware: '5.14.0.240',
    canHoldReports: true,
    outputs: 4,
    powers: [
      { index: 1, dBm: 10 },
      { index: 81, dBm: 30 },
    ],
    channels: { hopping: true, hopTable: 1 },
    modes: [1000],
  })
  const fixed = decoded(vector('1.1: capabilities with what is new').hex, 2)
  if (fixed.name !== 'GET_READER_CAPABILITIES_RESPONSE') throw new Error(fixed.name)
  const caps = capabilitiesOf(fixed)
  expect(caps).toMatchObject({
    outputs: 0,
    maxAccessSpecs: null,
    channels: { hopping: false, hopTable: 0, kHz: [865_700, 866_300] },
    modes: [],
  })
  if (!caps) throw new Error('no capabilities')
  expect(planned({}, caps)).toMatchObject({
    mode: null,
    transmitter: { hopTable: 0, channel: 1 },
    antennas: [{ antenna: 0, powerIndex: 1 }],
  })
})

test.each<[string, Partial<LlrpReader>, string]>([
  ['an antenna that it has not', { antennas: [{ antenna: 5 }] }, 'antenna 5 of 4'],
  ['a mode that it has not', { mode: 3 }, 'RF mode 3 is not among 1000'],
  ['less power than it can', { powerDbm: 9 }, "9 dBm is less than this reader's weakest, 10 dBm"],
])('a reader is never asked for %s', (_, over, why) => expect(planned(over)).toBe(why))

test('power is the strongest level that is not above the wish', () => {
  const index = (powerDbm: number) => {
    const plan = planned({ powerDbm })
    return typeof plan === 'string' ? plan : plan.antennas[0]?.powerIndex
  }
  expect([10, 29.99, 30, 36].map(index)).toEqual([1, 1, 81, 81])
})

test('a TID comes from an access operation only where it succeeded', () => {
  const { params } = decoded(
    vector('a read with its TID from an access operation, and one whose operation failed').hex,
  )
  const tids = findAll(params, 'TagReportData').map((r) => tagRead(r, null)?.tid)
  expect(tids).toEqual(['E2801160600002051234ABCD', undefined])
})

test('a read carries what the reader said, and nothing that it did not', () => {
  const channels = { hopping: true, hopTable: 1, kHz: [920_625, 920_875, 921_125] }
  const reports = (name: string) => findAll(decoded(vector(name).hex).params, 'TagReportData')
  const [full] = reports('one read with phase, fine RSSI and TID')
  if (!full) throw new Error('no report')
  expect(tagRead(full, channels)).toEqual({
    epc: '3414257BF400000000001A85',
    tid: 'E2801160600002051234ABCD',
    pc: 0x3000,
    antenna: 2,
    count: 1,
    rssiDbm: -55.25,
    phaseRad: Math.PI,
    channel: 3,
    frequencyKhz: 921_125,
    deviceTimeMs: 1_795_327_200_001,
    deviceTimeUs: 1_795_327_200_000_000,
  })
  const poor = reports('two reads: a 128-bit EPC, and a report in uptime with an access result')
  expect(poor.map((r) => tagRead(r, channels))).toEqual([
    { epc: '000102030405060708090A0B0C0D0E0F', antenna: 1, count: 1, rssiDbm: -70 },
    { epc: '3414257BF400000000001A85', antenna: 0, count: 1, deviceTimeUs: 77 },
  ])
})
