import type { DriverEvent } from '@lantai/gateway'
import { expect, test } from 'vitest'
import { Rig } from './rig.ts'
import { type Fits, isData, isHealth } from './tape.ts'

const isTags: Fits = (e) => e.kind === 'tags'
const isHole: Fits = (e) => e.kind === 'hole'
const saying =
  (state: string, text: string): Fits =>
  (e) =>
    e.kind === 'health' && e.state === state && (e.detail ?? '').includes(text)
const holes = (rig: Rig) => rig.tape.all.filter(({ event }) => event.kind === 'hole')
const reads = (rig: Rig, mark = 0) =>
  rig.tape.since(mark).flatMap(({ event }) => (event.kind === 'tags' ? event.reads : []))

/** What the device says of itself, now: it tells after each message. */
async function detail(rig: Rig, name: string) {
  await rig.device.send({ type: 'fault', fault: { kind: 'heal' } })
  return rig.device.state?.detail[name]
}
/** Waits until the device itself says so. */
async function until(rig: Rig, name: string, wanted: unknown) {
  while ((await detail(rig, name)) !== wanted) await new Promise((r) => setImmediate(r))
}

test('S7: an unknown server is refused until a person has approved its certificate', async () => {
  await using rig = await Rig.open('autoid-reader', { approving: false })
  const refused = await rig.tape.next(0, saying('offline', 'is not approved'))
  expect((refused.event as DriverEvent & { kind: 'health' }).detail).toMatch(
    /^server certificate [0-9a-f]{40} is not approved; SHA-256 [0-9A-F]{64};/,
  )
  expect(await detail(rig, 'scanStarts')).toBe(0)
  expect(rig.tape.all.some(({ event }) => isData(event))).toBe(false)
  const mark = rig.tape.mark()
  expect(rig.approve()).toBe(1)
  await rig.well(mark)
  expect(await detail(rig, 'scanStarts')).toBe(1)
})

test('each read says what the reader said of it, by value', async () => {
  await using rig = await Rig.open('autoid-reader')
  await rig.well()
  for (const read of reads(rig)) {
    expect(read.epc).toMatch(/^34000000000000000000000[1-4]$/)
    expect(read).toMatchObject({ antenna: 1, pc: 0x3000, count: 1 })
    expect(read.rssiDbm).toBeLessThan(-10)
    expect(read.deviceTimeMs).toBeGreaterThan(Date.now() - 3_600_000)
  }
})

test('no event is told twice: of a trolley each tag comes exactly once', async () => {
  await using rig = await Rig.open('autoid-reader')
  await rig.well()
  const mark = rig.tape.mark()
  const firstEpc = '35000000000000000000A000'
  const burst = { antenna: 1, firstEpc, count: 300, perSecond: 300 }
  await rig.device.send({ type: 'burst', burst })
  await until(rig, 'burstLeft', 0)
  const last = '35000000000000000000A12B'
  await rig.tape.next(mark, (e) => e.kind === 'tags' && e.reads.some((r) => r.epc === last))
  const passed = reads(rig, mark).filter((r) => r.epc.startsWith('3500'))
  expect(passed).toHaveLength(300)
  expect(new Set(passed.map((r) => r.epc)).size).toBe(300)
})

test('G5: power off and on: it is made to scan again, and what was missed is one hole', async () => {
  await using rig = await Rig.open('autoid-reader')
  await rig.well()
  const mark = rig.tape.mark()
  await rig.powerCut(200)
  await rig.tape.next(mark, isHealth('offline'))
  await rig.well(mark)
  expect(await detail(rig, 'scanStarts')).toBe(1)
  await rig.tape.next(mark, isHole)
  expect(holes(rig)).toHaveLength(1)
})

test('a reader that stops to scan by itself is started again, with a hole', async () => {
  await using rig = await Rig.open('autoid-reader')
  await rig.well()
  const mark = rig.tape.mark()
  await rig.device.send({ type: 'fault', fault: { kind: 'mute' } })
  const { event } = await rig.tape.next(mark, isHole)
  expect(event).toMatchObject({ reason: 'observation-hole' })
  await rig.tape.next(rig.tape.mark(), isTags)
  expect(await detail(rig, 'scanStarts')).toBe(2)
})

test('what we started we stop', async () => {
  await using rig = await Rig.open('autoid-reader')
  await rig.well()
  await rig.stopDriver()
  expect(await detail(rig, 'scanning')).toBe(false)
})

test('a reader without scan methods is heard by its events, and they win over its last scan', async () => {
  await using rig = await Rig.open('autoid-reader-events')
  await rig.tape.next(0, isTags)
  await rig.tape.next(0, (e) => e.kind === 'health' && e.state === 'online')
  const mark = rig.tape.mark()
  await rig.device.send({
    type: 'burst',
    burst: { antenna: 1, firstEpc: '35000000000000000000B000', count: 100, perSecond: 200 },
  })
  const last = '35000000000000000000B063'
  await rig.tape.next(mark, (e) => e.kind === 'tags' && e.reads.some((r) => r.epc === last))
  const passed = reads(rig, mark).filter((r) => r.epc.startsWith('3500'))
  expect(passed).toHaveLength(100)
  expect(passed.every((r) => r.pc === 0x3000)).toBe(true)
})

test('a reader with its last scan alone is called lossy, and what it tells is marked as a hole', async () => {
  await using rig = await Rig.open('autoid-reader-last')
  await rig.tape.next(0, saying('degraded', 'lossy'))
  // Strength and antenna belong to a read only where they are of the same moment; sooner or later they are.
  await rig.tape.next(
    0,
    (e) => e.kind === 'tags' && e.reads.some((r) => r.rssiDbm !== undefined && r.antenna === 1),
  )
  for (const read of reads(rig)) {
    expect(read.count).toBe(1)
    expect(read.rssiDbm ?? -11).toBeLessThan(-10)
    expect(read.pc).toBeUndefined()
  }
  const mark = rig.tape.mark()
  await rig.powerCut(200)
  const { event } = await rig.tape.next(mark, isHole)
  expect(event).toMatchObject({ reason: 'observation-hole' })
})

test('a scan event that cannot be decoded is counted and never half used', async () => {
  await using rig = await Rig.open('autoid-reader')
  await rig.well()
  const mark = rig.tape.mark()
  for (let n = 0; n < 25; n++)
    await rig.device.send({ type: 'fault', fault: { kind: 'garbage', bytes: 1 } })
  await rig.tape.next(mark, saying('degraded', 'bad frames'))
  for (const read of reads(rig)) expect(read.epc).toMatch(/^34000000000000000000000[1-4]$/)
})

test('S6: shelving over OPC UA: verbs are taken or refused, and status follows from the steel', async () => {
  await using rig = await Rig.open('shelving-opcua')
  await rig.well()
  const bank = (fits: (b: (DriverEvent & { kind: 'bank' })['observed']) => boolean): Fits => {
    return (e) => e.kind === 'bank' && fits(e.observed)
  }
  let mark = rig.tape.mark()
  expect(await rig.request({ verb: 'open', aisle: 3 })).toBe('sent')
  await rig.tape.next(
    mark,
    bank((o) => o.motion === 'moving'),
  )
  expect(await rig.request({ verb: 'open', aisle: 2 })).toBe('rejected')
  await rig.tape.next(
    mark,
    bank((o) => o.motion === 'still' && o.openAisle === 3),
  )
  expect(await rig.request({ verb: 'lock', aisle: null, column: 2 })).toBe('unsupported')
  mark = rig.tape.mark()
  expect(await rig.request({ verb: 'forbid', aisle: null })).toBe('sent')
  await rig.tape.next(mark, (e) => e.kind === 'bank' && e.inputs.forbid === 'active')
  expect(await rig.request({ verb: 'close', aisle: null })).toBe('rejected')
  mark = rig.tape.mark()
  expect(await rig.request({ verb: 'clearForbid', aisle: null })).toBe('sent')
  await rig.tape.next(mark, (e) => e.kind === 'bank' && e.inputs.forbid === 'clear')
})

test('S1: a server that goes on for a controller that stands still is not believed', async () => {
  await using rig = await Rig.open('shelving-opcua')
  await rig.well()
  const mark = rig.tape.mark()
  await rig.device.send({ type: 'fault', fault: { kind: 'mute' } })
  const { event } = await rig.tape.next(
    mark,
    (e) => e.kind === 'bank' && e.inputs.link === 'active',
  )
  expect(event).toMatchObject({ observed: { motion: 'unknown', openAisle: null } })
  await rig.tape.next(mark, saying('degraded', 'stands still'))
  const healed = rig.tape.mark()
  await rig.device.send({ type: 'fault', fault: { kind: 'heal' } })
  await rig.tape.next(healed, (e) => e.kind === 'bank' && e.inputs.link === 'clear')
})

test('air and contacts of an air handling unit; without its power they are unknown', async () => {
  await using rig = await Rig.open('ahu-opcua', { lively: false })
  await rig.well()
  await rig.tape.next(
    0,
    (e) => e.kind === 'readings' && e.sensor === 'return' && e.values.temperature === 20.25,
  )
  let mark = rig.tape.mark()
  await rig.device.send({ type: 'contacts', closed: [false, true] })
  await rig.tape.next(mark, (e) => e.kind === 'contact' && e.state === 'active')
  mark = rig.tape.mark()
  await rig.powerCut(200)
  await rig.tape.next(mark, (e) => e.kind === 'contact' && e.state === 'unknown')
  await rig.well(mark)
})
