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
  tagsOf,
  withId,
} from '../../testing/llrp-client.ts'
import { Rng } from '../../world/rng.ts'
import { epcPlus } from './field.ts'
import { encodeMessage, type Message, m, splitMessages } from './messages.ts'
import { LlrpReader } from './reader.ts'

const epc = '3403769E7CC04C00000F4241'
const near = { epc, tid: 'E28011606000020900000001', distanceMm: { 1: 300 } }

function reader(antennas = 2) {
  const clock = new VirtualClock()
  let got: Message[] = []
  let hungUp = 0
  const r = new LlrpReader({
    model: { antennas, model: 1, firmware: 'test' },
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

  it('folds a round and reports it at its end, with the AISpec-end event', () => {
    const { r, after, live } = reader()
    r.connect()
    r.field.place([near])
    live({ n: 0, roundMs: 1000 })
    expect(reports(after(900))).toEqual([])
    const end = after(200)
    expect(reports(end).flatMap(tagsOf)).toHaveLength(1)
    expect(end.some((x) => x.type === m.event && x.body.includes(Buffer.from([0, 254])))).toBe(true)
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

  it('answers nonsense with an error and goes on', () => {
    const { r, say } = reader()
    r.connect()
    expect(statusOf(say(encodeMessage(999, 1))[0] as Message)).toBe(109)
    const v11 = encodeMessage(46, 2)
    v11[0] = 0x08
    expect(statusOf(say(v11)[0] as Message)).toBe(110)
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
