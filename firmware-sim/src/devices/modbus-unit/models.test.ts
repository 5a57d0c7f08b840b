import { expect, test } from 'vitest'
import { openFrame, withCrc } from '../air-line/rtu.ts'
import { rtuUnit } from '../modbus/rtu-unit.ts'
import { loopsOf, slaveOf, type UnitModel, unitModels } from './models.ts'
import { standalone } from './standalone.ts'

function device(model: UnitModel, unit = 1, tripped: readonly number[] = []) {
  const truth = {
    closed: Array.from({ length: loopsOf[model] }, (_, i) => !tripped.includes(i)),
    temperature: 21.5,
    humidity: 52.3,
  }
  const counts = { resets: 0 }
  const slave = rtuUnit(unit, slaveOf(model, unit, truth, counts))
  const ask = (hex: string) => {
    const frame = openFrame(Buffer.from(hex, 'hex'))
    if (!frame) throw new Error(`not a frame: ${hex}`)
    return slave.answer(frame.fc, frame.data).toString('hex').toUpperCase()
  }
  const read = (fc: number, at: number, count: number) =>
    ask(withCrc([unit, fc, at >>> 8, at & 0xff, 0, count]).toString('hex'))
  return { ask, read, counts }
}

test('the golden exchange of the air sensor', () => {
  expect(device('air').ask('010400010002200B')).toBe('01040400D7020B0B1B')
  expect(device('air', 8).read(3, 0x0101, 1)).toMatch(/^0803020008/)
})

test('a JXBS transmitter: humidity first, then temperature, as holding registers', () => {
  expect(device('jxbs').read(3, 0, 2)).toMatch(/^010304020B00D7/)
  expect(device('jxbs', 5).read(3, 0x07d0, 2)).toMatch(/^05030400050002/)
  expect(device('jxbs').read(4, 0, 2)).toMatch(/^018401/)
})

test.each([7, 11, 17, 43])('function %i is refused as over TCP, however short it is', (fc) => {
  const asked = withCrc([1, fc, ...(fc === 43 ? [14, 1, 0] : [])]).toString('hex')
  expect(device('air').ask(asked).toLowerCase()).toBe(withCrc([1, fc | 0x80, 1]).toString('hex'))
})

test('the SQR-2 frame: all normal, and one loop in alarm', () => {
  expect(device('smoke', 255).ask('FF02000000086C12')).toBe('FF0201FFD020')
  expect(device('smoke', 255, [2]).ask('FF02000000086C12')).toMatch(/^FF0201FB/)
})

test('the example of the SmartAlarm manual reads from 40001 on the wire', () => {
  const quiet = device('annunciator')
  expect(quiet.ask('01039C4100083A48')).toMatch(/^010310(0000){8}/)
  expect(quiet.read(3, 40_011, 2)).toMatch(/^01030400400040/)
  // The first contact that went is told from the later one.
  expect(device('annunciator', 1, [1, 2]).read(3, 40_011, 3)).toMatch(/^010306004000420041/)
  expect(quiet.read(3, 0, 1)).toMatch(/^018302/)
})

test('an aspirating detector says status, faults and level, and counts who resets it', () => {
  expect(device('aspirating').read(3, 0, 4)).toMatch(/^01030800000000000C0007/)
  expect(device('aspirating', 1, [1, 3]).read(3, 0, 3)).toMatch(/^01030600010002019A/)
  const alarmed = device('aspirating', 1, [0])
  expect(alarmed.read(3, 0, 3)).toMatch(/^0103060002000003A2/)
  const reset = withCrc([1, 6, 1, 0, 0, 1]).toString('hex')
  expect(alarmed.ask(reset)).toBe(reset.toUpperCase())
  expect(alarmed.counts.resets).toBe(1)
  expect(alarmed.ask(withCrc([1, 6, 0, 0, 0, 1]).toString('hex'))).toMatch(/^018602/)
})

test.each([
  ['water', [], 3, 2, 1, /^0103020001/],
  ['water', [0], 3, 2, 1, /^0103020002/],
  ['door', [], 2, 0, 2, /^01020103/],
  ['door', [0], 2, 0, 2, /^01020102/],
  ['dio', [7], 2, 0, 8, /^0102017F/],
  ['dio', [7], 1, 0, 8, /^01010180/],
] as const)('%s with loops %j open', (model, tripped, fc, at, count, reply) => {
  expect(device(model, 1, tripped).read(fc, at, count)).toMatch(reply)
})

test.each(unitModels.filter((m) => m !== 'air' && m !== 'jxbs'))(
  '%s refuses what it does not have',
  (model) => {
    const d = device(model)
    expect(d.read(3, 0x7000, 1)).toMatch(/^0183(01|02)/)
    expect(d.read(2, 0, 0)).toMatch(/^018201|^018203/)
    expect(d.ask(withCrc([1, 5, 0, 0, 0xff, 0]).toString('hex'))).toMatch(/^018501/)
    expect(d.ask(withCrc([1, 3, 0]).toString('hex'))).toMatch(/^018303/)
  },
)

test('every device alone has a name of its own and an entry at its own place', () => {
  const at = { host: '127.0.0.1', port: 1502, path: '/dev/pts/9' }
  const names = standalone.map((s) => s.name)
  expect(new Set(names).size).toBe(names.length)
  for (const s of standalone) {
    const { line } = s.entry(at) as unknown as { line: Record<string, unknown> }
    expect(line).toMatchObject(s.wire === 'pty' ? { path: at.path } : { port: at.port })
  }
})
