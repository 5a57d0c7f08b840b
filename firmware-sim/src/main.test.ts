import { constants } from 'node:fs'
import { open, readFile } from 'node:fs/promises'
import { DeviceFile, shapeChecker } from '@lantai/contracts'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Message, m, splitMessages } from './devices/llrp/messages.ts'
import { addRospec, plain, tagsOf, withId } from './testing/llrp-client.ts'
import { askModbus, RunningSim, Wire } from './testing/running-sim.ts'
import { buildStore } from './world/catalogue/store.ts'

const store = buildStore('lantai', '2026-11-22')
const lent = new Set(store.loans.map((l) => l.box))
const [box, other] = store.boxes.filter((b) => !lent.has(b.code))
if (!box || !other) throw new Error('no boxes')
const sim = new RunningSim()
beforeAll(async () => {
  await sim.start()
})
afterAll(() => sim.dispose())

const nextMessage = (wire: Wire, wanted: (x: Message) => boolean) =>
  wire.until((bytes) => {
    const cut = splitMessages(bytes)
    const at = cut?.messages.findIndex(wanted) ?? -1
    const used = (cut?.messages ?? []).slice(0, at + 1).reduce((n, x) => n + 10 + x.body.length, 0)
    return at < 0 ? null : { value: cut?.messages[at] as Message, used }
  })

async function readerClient(id: string): Promise<Wire> {
  const wire = new Wire(sim.device('llrp', id).port)
  await nextMessage(wire, (x) => x.type === m.event)
  wire.send(Buffer.concat([addRospec({ id: 5 }), withId(m.enableRospec, 5)]))
  wire.send(plain(m.enableEventsAndReports))
  await nextMessage(wire, (x) => x.type === 34)
  return wire
}
/** Goes as a client should: the reader is free again when this resolves. */
async function leave(wire: Wire) {
  wire.send(plain(m.closeConnection))
  await nextMessage(wire, (x) => x.type === m.closeConnectionResponse)
  wire.close()
}
const bankLine = (id: string) => {
  const { line } = sim.device('modbus-shelving', id)
  if (line.transport !== 'tcp') throw new Error('not TCP')
  return new Wire(line.port)
}

describe('the simulator as a process', () => {
  it('hands out a device list that the gateway’s contract accepts, every device marked as simulated', () => {
    expect(shapeChecker(DeviceFile)(sim.ready?.devices)).toEqual([])
    expect(sim.ready?.devices.devices.every((d) => d.simulated)).toBe(true)
    expect(sim.ready?.devices.devices.map((d) => d.id)).toEqual([
      ...['desk-1', 'door-1', 'air-1', 'contacts-1'],
      ...['shelf-b1', 'shelf-b2', 'shelf-b3', 'shelf-b4', 'cart-1', 'cart-odometer-1'],
    ])
  })

  it('lets nobody in without the token, and says all that is wrong with a request', async () => {
    expect((await sim.call('GET', '/world/state', undefined, 'x')).status).toBe(401)
    expect((await sim.call('POST', '/world/nothing', {})).status).toBe(404)
    expect((await sim.call('POST', '/world/place', { box: 'LT00000000', at: 'home' })).status).toBe(
      404,
    )
    const bad = await sim.call('POST', '/world/air', { sensor: '', humidity: 101, what: 1 })
    expect(bad.status).toBe(400)
    expect(bad.json.error).toHaveLength(3)
  })

  it('reads a box on the desk, and only there', async () => {
    const wire = await readerClient('desk-1')
    await sim.act('place', { box: box.code, at: 'desk-1' })
    const report = await nextMessage(wire, (x) => x.type === m.report)
    expect(tagsOf(report)).toEqual([{ epc: box.epc, antenna: 1 }])
    await sim.act('place', { box: box.code, at: 'home' })
    await leave(wire)
  })

  it('refuses a second client while the first is there, and takes it when the first has gone', async () => {
    const first = await readerClient('desk-1')
    const second = new Wire(sim.device('llrp', 'desk-1').port)
    const refused = await nextMessage(second, (x) => x.type === m.event)
    expect(refused.body.subarray(-6).toString('hex')).toBe('010000060002')
    await nextMessage(first, (x) => x.type === m.event && x.body.at(-1) === 4)
    await leave(first)
    const third = new Wire(sim.device('llrp', 'desk-1').port)
    const taken = await nextMessage(third, (x) => x.type === m.event)
    expect(taken.body.subarray(-6).toString('hex')).toBe('010000060000')
    third.close()
  })

  it('hears a box that is carried out at antenna 1 first and at antenna 2 last', async () => {
    const wire = await readerClient('door-1')
    await sim.act('carry', { box: other.code, direction: 'out', durationMs: 1500 })
    await sim.idle()
    wire.send(plain(m.closeConnection))
    const heard = await wire.until((bytes) => {
      const all = splitMessages(bytes)?.messages ?? []
      if (!all.some((x) => x.type === m.closeConnectionResponse)) return null
      return { value: all.filter((x) => x.type === m.report).flatMap(tagsOf), used: bytes.length }
    })
    expect(new Set(heard.map((t) => t.epc))).toEqual(new Set([other.epc]))
    expect([heard[0]?.antenna, heard.at(-1)?.antenna]).toEqual([1, 2])
    expect((await sim.state()).boxes.outside).toContain(other.code)
    await sim.act('place', { box: other.code, at: 'home' })
    wire.close()
  })

  it('moves steel over Modbus TCP, stops at the light curtain and refuses until it is clear', async () => {
    const wire = bankLine('shelf-b1')
    await sim.act('shelving', { bank: 'B1', event: 'speed', factor: 20 })
    expect(await askModbus(wire, '10001000020400010005')).toBe('1000100002')
    await sim.idle()
    expect(await askModbus(wire, '0301000002')).toBe('030401000005')
    await sim.act('shelving', { bank: 'B1', event: 'speed', factor: 1 })
    await askModbus(wire, '10001000020400010001')
    await sim.act('shelving', { bank: 'B1', event: 'obstruct' })
    await sim.idle()
    expect(await askModbus(wire, '0301000001')).toBe('03020104')
    await askModbus(wire, '10001000020400010001')
    expect(await askModbus(wire, '0300130001')).toBe('03020003')
    await sim.act('shelving', { bank: 'B1', event: 'clear' })
    expect(await askModbus(wire, '0600990001')).toBe('8602')
    wire.close()
  })

  it('opens a contact loop in alarm', async () => {
    const { line } = sim.device('modbus-contacts')
    if (line.transport !== 'tcp') throw new Error('not TCP')
    const wire = new Wire(line.port)
    expect(await askModbus(wire, '0200000004')).toBe('02010f')
    await sim.act('contacts', { input: 'fire-panel', alarm: true })
    expect(await askModbus(wire, '0200000004')).toBe('02010e')
    await sim.act('contacts', { input: 'fire-panel', alarm: false })
    expect(await askModbus(wire, '0200000004')).toBe('02010f')
    wire.close()
  })

  it('answers on the serial line with the air of each sensor', async () => {
    await sim.act('air', { sensor: 'th-1', temperature: 21.5, humidity: 52.3 })
    await sim.idle()
    const { line } = sim.device('modbus-air')
    if (line.transport !== 'rtu') throw new Error('not RTU')
    const tty = await open(line.path, constants.O_RDWR | constants.O_NOCTTY)
    await tty.write(Buffer.from('010400010002200b', 'hex'))
    const reply = Buffer.alloc(9)
    for (let got = 0; got < 9; ) got += (await tty.read(reply, got, 9 - got, null)).bytesRead
    expect(reply.toString('hex')).toBe('01040400d7020b0b1b')
    await tty.close()
    await sim.act('air', { sensor: 'th-1', release: true })
  })

  it('walks the cart along a face: its reader hears what stands there, its wheel counts the way', async () => {
    const face = store.boxes.filter((b) => b.home.startsWith('24A-') && !lent.has(b.code))
    const shelf = (b: { home: string }) => b.home.slice(0, b.home.lastIndexOf('-'))
    const [dead] = face
    const hidden = face.find((b) => dead && shelf(b) !== shelf(dead))
    if (!dead || !hidden) throw new Error('no boxes')
    const planted = { dead: [dead.code], obstructed: [shelf(hidden)] }
    const { survey } = (await sim.act('cart', { face: '24A', ...planted })) as {
      survey: { antennas: object[]; references: { epc: string }[] }
    }
    expect(survey.antennas).toHaveLength(4)
    const module = sim.device('modbus-odometer').line
    const counter = new Wire(module.transport === 'tcp' ? module.port : 0)
    const pulses = async () =>
      Number.parseInt((await askModbus(counter, '0400000002')).slice(4), 16)
    const began = await pulses()
    const reader = await readerClient('cart-1')
    const heard = new Map<string, Set<number>>()
    await sim.act('walk', { speedMmPerS: 1500 })
    // Where it ends nothing is near, and no report comes any more.
    const walked = sim.idle()
    for (;;) {
      const report = nextMessage(reader, (x) => x.type === m.report)
      const message = await Promise.race([report, walked])
      if (!message) break
      for (const { epc, antenna } of tagsOf(message))
        heard.set(epc, (heard.get(epc) ?? new Set()).add(antenna))
    }
    // 3,300 mm of boards and 750 mm before and behind, by a wheel that counts 1.1 % too much.
    expect((((await pulses()) - began) >>> 0) / 5).toBeGreaterThan(4500)
    const known = new Set([...face, ...survey.references].map((t) => t.epc))
    expect([...heard.keys()].filter((epc) => !known.has(epc))).toEqual([])
    expect(new Set([...heard.values()].flatMap((a) => [...a]))).toEqual(new Set([1, 2, 3, 4]))
    expect(face.filter((b) => heard.has(b.epc)).length).toBeGreaterThan(face.length / 2)
    const silent = face.filter((b) => b === dead || shelf(b) === shelf(hidden))
    expect(silent.filter((b) => heard.has(b.epc))).toEqual([])
    await sim.act('cart', {})
    expect((await sim.call('POST', '/world/walk', {})).status).toBe(404)
    expect((await sim.call('POST', '/world/cart', { face: '45B' })).status).toBe(404)
    reader.close()
    counter.close()
  })

  it('starts a device that died again, on the same port and with the steel where it stood', async () => {
    const port = sim.device('modbus-shelving', 'shelf-b2').line
    const wire = bankLine('shelf-b2')
    await sim.act('shelving', { bank: 'B2', event: 'speed', factor: 20 })
    await askModbus(wire, '10001000020400010010')
    await sim.idle()
    await sim.act('kill', { device: 'shelf-b2', downMs: 0 })
    const back = await reconnect(() => bankLine('shelf-b2'))
    expect(await askModbus(back, '0301000002')).toBe('030401000010')
    expect(sim.device('modbus-shelving', 'shelf-b2').line).toEqual(port)
    expect((await sim.state()).devices['shelf-b2'].starts).toBe(2)
    back.close()
    wire.close()
  })

  it('goes on after a crash in mid-move: same ports, carriages between, nothing moving by itself', async () => {
    await sim.act('place', { box: box.code, at: 'desk-1' })
    await sim.act('air', { sensor: 'th-5', humidity: 66 })
    await sim.act('contacts', { input: 'smoke-1', alarm: true })
    const before = sim.ready?.devices
    const wire = bankLine('shelf-b3')
    await askModbus(wire, '10001000020400010020')
    // The state file is written shortly after a change; the crash comes when the move is in it.
    await savedMove(sim.dir)
    await sim.end('SIGKILL')
    expect((await sim.start()).devices).toEqual(before)
    const state = await sim.state()
    expect(state.boxes.desk).toEqual([box.code])
    expect(state.air['th-5'].humidity).toBe(66)
    expect(state.contacts.alarms).toEqual(['smoke-1'])
    const again = bankLine('shelf-b3')
    expect(await askModbus(again, '0301000002')).toBe('030401000000')
    again.close()
  })

  it('ends cleanly within its time and leaves no serial line behind', async () => {
    expect(await sim.end()).toBe(0)
    const { line } = sim.device('modbus-air')
    await expect(open(line.transport === 'rtu' ? line.path : '', 'r')).rejects.toThrow()
  })
})

/** Connects until somebody answers. */
async function reconnect(connect: () => Wire): Promise<Wire> {
  for (;;) {
    const wire = connect()
    const up = await new Promise<boolean>((resolve) => {
      wire.socket.once('connect', () => resolve(true))
      wire.socket.once('close', () => resolve(false))
    })
    if (up) return wire
  }
}

/** Reads the state file until a carriage of 丙 is saved well on its way. */
async function savedMove(dir: string): Promise<void> {
  for (;;) {
    const { banks } = JSON.parse(await readFile(`${dir}/world.json`, 'utf8'))
    if (banks.B3 && banks.B3.x[1] < 1800) return
    await nextTurn()
  }
}
const nextTurn = () => new Promise((resolve) => setImmediate(resolve))
