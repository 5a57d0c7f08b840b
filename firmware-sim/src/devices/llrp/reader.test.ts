import { VirtualClock } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import {
  addRospec,
  enableExtensions,
  getCapabilities,
  plain,
  type SpecWish,
  setConfig,
  statusOf,
  tablesOf,
  tagsOf,
  withId,
} from '../../testing/llrp-client.ts'
import { Rng } from '../../world/rng.ts'
import { type BrandName, brandNames, brands } from './brands.ts'
import { epcPlus } from './field.ts'
import { encodeMessage, type Message, m, splitMessages } from './messages.ts'
import { LlrpReader } from './reader.ts'

const epc = '3403769E7CC04C00000F4241'
const near = { epc, tid: 'E28011606000020900000001', distanceMm: { 1: 300 } }

function reader(antennas = 2, brand: BrandName = 'impinj') {
  const clock = new VirtualClock()
  let got: Message[] = []
  let hungUp = 0
  const r = new LlrpReader({
    model: { brand: brands[brand], antennas, firmware: 'test' },
    clock,
    rng: new Rng('reader'),
    send: (bytes) => {
      const cut = splitMessages(bytes)
      if (!cut || cut.rest.length > 0) throw new Error('not whole messages')
      got.push(...cut.messages)
    },
    hangUp: () => {
      hungUp++
    },
  })
  const say = (bytes: Buffer): Message[] => {
    got = []
    for (const message of splitMessages(bytes)?.messages ?? []) r.handle(message)
    return got
  }
  const after = (ms: number): Message[] => {
    got = []
    clock.advance(ms)
    return got
  }
  const live = (wish: SpecWish = {}) => {
    expect(statusOf(say(addRospec(wish))[0] as Message)).toBe(0)
    say(withId(m.enableRospec, wish.id ?? 7))
    say(plain(m.enableEventsAndReports))
  }
  return { r, clock, say, after, live, hungUp: () => hungUp, all: () => got }
}
const tagNo = (n: number) => ({ ...near, epc: epcPlus(epc, n) })
/** What an event says behind its time; nothing of another message. */
const eventOf = ({ type, body }: Message) =>
  type === m.event ? body.subarray(4 + 12).toString('hex') : ''
const reports = (messages: Message[]) => messages.filter((x) => x.type === m.report)

describe('an LLRP reader', () => {
  it('speaks first, with a connection event that says success', () => {
    const { r, all } = reader()
    r.connect()
    expect(all()[0]?.type).toBe(m.event)
    expect(all()[0]?.body.toString('hex')).toMatch(/01000006 ?0000$/)
  })

  it('offers the tables that a ROSpec must be built from, and refuses constants', () => {
    const { r, say } = reader()
    r.connect()
    expect(statusOf(say(getCapabilities())[0] as Message)).toBe(0)
    for (const wish of [{ hopTable: 1 }, { mode: 0 }, { power: 0 }, { antennas: [3] }])
      expect(statusOf(say(addRospec(wish))[0] as Message)).toBe(101)
    expect(statusOf(say(addRospec())[0] as Message)).toBe(0)
    expect(statusOf(say(addRospec())[0] as Message)).toBe(101)
    expect(statusOf(say(withId(m.enableRospec, 99))[0] as Message)).toBe(101)
  })

  it('reports each read at once with N = 1, from the antenna that heard it', () => {
    const { r, after, live } = reader()
    r.connect()
    r.field.place([near])
    live()
    const tags = reports(after(2000)).flatMap(tagsOf)
    expect(tags.length).toBeGreaterThan(5)
    expect(new Set(tags.map((t) => `${t.epc}/${t.antenna}`))).toEqual(new Set([`${epc}/1`]))
    r.field.place([])
    expect(reports(after(2000))).toEqual([])
  })

  it('reads nothing before the ROSpec is enabled and after it is deleted', () => {
    const { r, say, after, live } = reader()
    r.connect()
    r.field.place([near])
    say(addRospec({ id: 3 }))
    expect(reports(after(1000))).toEqual([])
    say(withId(m.deleteRospec, 0))
    live()
    expect(reports(after(1000)).length).toBeGreaterThan(0)
    say(withId(m.deleteRospec, 0))
    expect(reports(after(1000))).toEqual([])
    expect(r.active).toBe(false)
  })

  it('folds a round and reports it at its end, between the events of AISpec and ROSpec', () => {
    const { r, say, after, live } = reader()
    r.connect()
    say(setConfig(0, false, [2, 6]))
    r.field.place([near])
    live({ n: 0, roundMs: 1000 })
    expect(reports(after(900))).toEqual([])
    const end = after(200)
    expect(reports(end).flatMap(tagsOf)).toHaveLength(1)
    expect(end.map((x) => x.type)).toEqual([m.event, m.report, m.event])
    expect(end.map(eventOf)).toEqual(['00fe000b00000000070001', '', '00f9000d010000000700000000'])
  })

  it('tells of ROSpec and AISpec only who asked for it, and asked for each', () => {
    const { r, say, after, live } = reader()
    r.connect()
    live({ n: 0, roundMs: 1000 })
    expect(after(2000)).toEqual([])
    for (const [types, first] of [
      [[2], '00f9'],
      [[6], '00fe'],
    ] as const) {
      say(setConfig(0, false, []))
      say(encodeMessage(m.setConfig, 5, Buffer.from([0x80])))
      say(setConfig(0, false, types))
      live({ n: 0, roundMs: 1000 })
      const told = after(1500).map((x) => eventOf(x).slice(0, 4))
      expect(new Set(told)).toEqual(new Set([first]))
    }
  })

  it('begins the first round at once without an offset, and ends one that never falls quiet at its timeout', () => {
    const { r, say, after, live } = reader()
    r.connect()
    say(setConfig(0, false, [2, 6]))
    const times = { quietMs: 300, timeoutMs: 800, periodMs: 2000 }
    live({ n: 0, periodic: { ...times, offsetMs: 0 } })
    let n = 0
    const come = () => r.field.place(Array.from({ length: ++n }, (_, i) => tagNo(i)))
    const told: [string, number][] = []
    for (let at = 100; at <= 6000; at += 100) {
      if (at < 2000) come()
      for (const x of after(100)) if (x.type === m.event) told.push([eventOf(x), at])
    }
    const timesOf = (kind: string) => told.flatMap(([e, at]) => (e.startsWith(kind) ? [at] : []))
    const [cutOff, quiet] = timesOf('00fe')
    expect(cutOff).toBe(800)
    // Nothing new comes any more.
    expect(quiet).toBeLessThan(2800)
    expect(timesOf('00f9000d00')).toEqual([2000, 4000, 6000])
  })

  it('warns once when its buffer fills, before it runs over', () => {
    const { r, say, after } = reader()
    r.connect()
    say(setConfig(0, true, [3]))
    r.field.place(Array.from({ length: 40 }, (_, i) => tagNo(i)))
    say(addRospec())
    say(withId(m.enableRospec, 7))
    after(60_000)
    const events = say(plain(m.enableEventsAndReports)).map(eventOf).filter(Boolean)
    expect(events).toHaveLength(2)
    expect(events[0]).toMatch(/^00fa00055[0-9]$/)
    expect(events[1]).toBe('00fb0004')
  })

  it('keeps a tag quiet in session 2 while it stays, and hears it again when it comes back', () => {
    const { r, after, live } = reader()
    r.connect()
    r.field.place([near])
    live({ session: 2 })
    expect(reports(after(3000)).flatMap(tagsOf)).toHaveLength(1)
    r.field.place([])
    r.field.place([near])
    expect(reports(after(3000)).flatMap(tagsOf)).toHaveLength(1)
  })

  it('holds reports until they are enabled, and says when its buffer ran over', () => {
    const { r, say, after } = reader()
    r.connect()
    say(setConfig(0, true))
    r.field.place([near])
    say(addRospec())
    say(withId(m.enableRospec, 7))
    expect(reports(after(1000))).toEqual([])
    const held = reports(say(plain(m.enableEventsAndReports)))
    expect(held.length).toBeGreaterThan(0)
    r.disconnect()
    const many = Array.from({ length: 40 }, (_, i) => ({ ...near, epc: epcPlus(epc, i) }))
    r.field.place(many)
    after(60_000)
    r.connect()
    const late = say(plain(m.enableEventsAndReports))
    expect(late.at(-1)?.body.subarray(-4).toString('hex')).toBe('00fb0004')
    expect(r.out.lost).toBeGreaterThan(0)
  })

  it('lets every tag of a burst by exactly once, at its rate, and waits while nobody listens', () => {
    const { r, after, live, say } = reader()
    r.connect()
    live()
    r.field.pass({ antenna: 1, firstEpc: epc, count: 1000, perSecond: 500 })
    const first = reports(after(1000)).flatMap(tagsOf)
    expect(first.length).toBeGreaterThan(400)
    expect(first.length).toBeLessThanOrEqual(500)
    r.disconnect()
    after(5000)
    r.connect()
    say(plain(m.enableEventsAndReports))
    const rest = reports(after(3000)).flatMap(tagsOf)
    const all = [...first, ...rest].map((t) => t.epc)
    expect(all).toEqual(Array.from({ length: 1000 }, (_, i) => epcPlus(epc, i)))
    expect(r.field.burstLeft).toBe(0)
  })

  it('sends keepalives and hangs up after three that nobody answered', () => {
    const { r, say, after, hungUp } = reader()
    r.connect()
    say(setConfig(1000, false))
    expect(after(1000).map((x) => x.type)).toEqual([m.keepalive])
    say(plain(m.keepaliveAck))
    after(3000)
    expect(hungUp()).toBe(0)
    after(1000)
    expect(hungUp()).toBe(1)
  })

  it('takes phase and fine RSSI only after the vendor’s extensions are enabled', () => {
    const { r, say, after, live } = reader()
    r.connect()
    expect(statusOf(say(addRospec({ phase: true }))[0] as Message)).toBe(111)
    expect(statusOf(say(enableExtensions())[0] as Message)).toBe(0)
    live({ phase: true, tid: true })
    r.field.place([near])
    const body = reports(after(500))[0]?.body.toString('hex') ?? ''
    for (const subtype of ['00000038', '00000039']) expect(body).toContain(`0000651a${subtype}`)
    expect(body).toContain('03ff001a0000651a000000370006e28011606000020900000001')
  })

  it.each(brandNames)('%s: offers its own tables and refuses those of the others', (name) => {
    const own = brands[name]
    const { r, say, after } = reader(1, name)
    r.connect()
    const general = say(getCapabilities())[0]?.body.subarray(8 + 4)
    expect(general?.readUInt32BE(4)).toBe(own.manufacturer)
    for (const other of brandNames.filter((n) => n !== name)) {
      const { hopTable, modes } = brands[other]
      expect(statusOf(say(addRospec({ ...tablesOf(own), hopTable }))[0] as Message)).toBe(101)
      const wish = { ...tablesOf(own), mode: modes[0] as number }
      expect(statusOf(say(addRospec(wish))[0] as Message)).toBe(101)
    }
    expect(statusOf(say(addRospec(tablesOf(own)))[0] as Message)).toBe(0)
    r.field.place([near])
    say(withId(m.enableRospec, 7))
    say(plain(m.enableEventsAndReports))
    expect(reports(after(1000)).length).toBeGreaterThan(0)
  })

  it.each(['zebra', 'thingmagic'] as const)('%s: knows no extension of Impinj', (name) => {
    const { r, say } = reader(1, name)
    r.connect()
    expect(say(enableExtensions())[0]?.type).toBe(m.error)
    const wish = { ...tablesOf(brands[name]), phase: true }
    expect(statusOf(say(addRospec(wish))[0] as Message)).toBe(111)
  })

  it('zebra: gives no tags until session 0', () => {
    const { r, say, after } = reader(1, 'zebra')
    r.connect()
    r.field.place([near])
    const tags = (session: number) => {
      say(withId(m.deleteRospec, 0))
      say(addRospec({ ...tablesOf(brands.zebra), session }))
      say(withId(m.enableRospec, 7))
      say(plain(m.enableEventsAndReports))
      return reports(after(1000)).length
    }
    expect([1, 2, 3].map(tags)).toEqual([0, 0, 0])
    expect(tags(0)).toBeGreaterThan(0)
  })

  it('agrees on LLRP 1.1, speaks it to the end of the connection, and begins again with 1.0.1', () => {
    const { r, say, all } = reader(1)
    r.connect()
    const ask = encodeMessage(m.getSupportedVersion, 1, Buffer.alloc(0), 2)
    const supported = say(ask)[0]
    expect(supported).toMatchObject({ type: 56, version: 2 })
    expect(supported?.body.subarray(0, 2)).toEqual(Buffer.from([1, 2]))
    expect(say(getCapabilities())[0]).toMatchObject({ version: 1 })
    const set = (version: number) =>
      say(encodeMessage(m.setProtocolVersion, 2, Buffer.from([version]), 2))[0] as Message
    expect(statusOf(set(3))).toBe(110)
    expect(set(2)).toMatchObject({ type: 57, version: 2 })
    expect(statusOf(say(getCapabilities())[0] as Message)).toBe(110)
    const newer = encodeMessage(m.getCapabilities, 3, Buffer.from([1]), 2)
    const answer = say(newer)[0] as Message
    expect(answer.version).toBe(2)
    // 363, the parameter that is new in 1.1.
    expect(answer.body.toString('hex')).toContain('016b0006ffac')
    expect(say(ask)[0]?.body.subarray(0, 2)).toEqual(Buffer.from([2, 2]))
    r.disconnect()
    say(Buffer.alloc(0))
    r.connect()
    expect(all()[0]).toMatchObject({ type: m.event, version: 1 })
  })

  it('a reader of 1.0.1 refuses the question of 1.1 with an ERROR_MESSAGE of its own version', () => {
    const { r, say } = reader(1, 'zebra')
    r.connect()
    const refused = say(encodeMessage(m.getSupportedVersion, 1, Buffer.alloc(0), 2))[0] as Message
    expect(refused).toMatchObject({ type: m.error, version: 1 })
    expect(statusOf(refused)).toBe(110)
  })

  it('switches its outputs, and refuses one that it has not', () => {
    const { r, say } = reader(1, 'thingmagic')
    r.connect()
    const set = (port: number, high: boolean) => {
      const body = Buffer.from([0, 0, 219, 0, 7, 0, port, high ? 0x80 : 0])
      return statusOf(say(encodeMessage(m.setConfig, 1, body))[0] as Message)
    }
    expect([set(2, true), set(3, true)]).toEqual([0, 101])
    expect(r.outputs).toEqual([false, true])
    const ask = encodeMessage(m.getConfig, 2, Buffer.from([0, 0, 10, 0, 0, 0, 0]))
    const state = say(ask)[0]?.body.subarray(8).toString('hex')
    expect(state).toBe('00db000700010000db0007000280')
  })

  it('answers nonsense with an error and goes on', () => {
    const { r, say } = reader()
    r.connect()
    expect(statusOf(say(encodeMessage(999, 1))[0] as Message)).toBe(109)
    const foreign = encodeMessage(m.getConfig, 2, Buffer.alloc(7), 3)
    expect(statusOf(say(foreign)[0] as Message)).toBe(110)
    expect(
      statusOf(say(encodeMessage(m.addRospec, 3, Buffer.from('00b100ff', 'hex')))[0] as Message),
    ).toBe(100)
    expect(statusOf(say(encodeMessage(m.enableRospec, 4, Buffer.from([1])))[0] as Message)).toBe(
      100,
    )
    expect(statusOf(say(getCapabilities())[0] as Message)).toBe(0)
  })

  it('takes any count of messages a chunk and any split of them', () => {
    const stream = Buffer.concat([getCapabilities(), addRospec(), plain(m.keepaliveAck)])
    for (let cut = 0; cut <= stream.length; cut++) {
      const a = splitMessages(stream.subarray(0, cut))
      const b = splitMessages(Buffer.concat([a?.rest ?? Buffer.alloc(0), stream.subarray(cut)]))
      const types = [...(a?.messages ?? []), ...(b?.messages ?? [])].map((x) => x.type)
      expect(types).toEqual([m.getCapabilities, m.addRospec, m.keepaliveAck])
    }
    expect(splitMessages(Buffer.from('04010000000900000001', 'hex'))).toBeNull()
  })
})
