import { type Sighting, VirtualClock } from '@lantai/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { DeskPresence } from './desk.ts'
import { GatePresence, type Passed } from './gate.ts'

const epc = '3034257BF7194E4000001A85'
const read = (antenna = 1, rssiDbm = -50, of = epc) => ({ epc: of, antenna, rssiDbm, count: 1 })

function desk() {
  const clock = new VirtualClock()
  const said: Sighting[] = []
  return { clock, said, desk: new DeskPresence('desk-1', clock, (s) => said.push(s)) }
}
function gate() {
  const clock = new VirtualClock()
  const said: Passed[] = []
  return { clock, said, gate: new GatePresence(clock, (p) => said.push(p)) }
}

test('a tag on the desk is said at once, repeated every 30 s while it lies there, and said to have departed', () => {
  const d = desk()
  d.desk.read(read())
  expect(d.said).toMatchObject([{ reader: 'desk-1', epc, count: 1 }])
  for (let t = 0; t < 60_000; t += 500) {
    d.clock.advance(500)
    d.desk.read(read(1, -40))
  }
  expect(d.said).toHaveLength(3)
  expect(d.said[1]).toMatchObject({ count: 60, rssiMaxDbm: -40 })
  d.clock.advance(2999)
  expect(d.said).toHaveLength(3)
  d.clock.advance(1)
  expect(d.said[3]).toMatchObject({ departed: true, count: 1 })
  expect(d.desk.size()).toBe(0)
})

test('the counts of a stay add up to its reads, whatever their rhythm', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: 1, max: 2900 }), { minLength: 1, maxLength: 80 }),
      (waits) => {
        const d = desk()
        d.desk.read(read())
        for (const ms of waits) {
          d.clock.advance(ms)
          d.desk.read(read())
        }
        d.clock.advance(3000)
        const last = d.said.at(-1)
        expect(last?.departed).toBe(true)
        // A departure without a read since the last sighting still has to name one.
        const sum = d.said.reduce((n, s) => n + s.count, 0)
        expect([waits.length + 1, waits.length + 2]).toContain(sum)
      },
    ),
  )
})

test('a tag that comes again after departing is said again', () => {
  const d = desk()
  d.desk.read(read())
  d.clock.advance(5000)
  d.desk.read(read())
  expect(d.said.map((s) => s.departed ?? false)).toEqual([false, true, false])
})

function walk(antennas: number[], stepMs = 50) {
  const g = gate()
  for (const a of antennas) {
    g.gate.read(read(a))
    g.clock.advance(stepMs)
  }
  g.clock.advance(1500)
  return g.said
}

test('a passage goes from the antenna that saw it first to the one that saw it last', () => {
  expect(walk([1, 1, 1, 2, 2, 2])).toEqual([{ epc, direction: 'out' }])
  expect(walk([2, 2, 2, 1, 1, 1])).toEqual([{ epc, direction: 'in' }])
  expect(walk([1, 1, 2, 1, 2, 2, 2])).toEqual([{ epc, direction: 'out' }])
})

test('the direction is unknown where the antennas do not prove it', () => {
  expect(walk([1, 1, 1])).toEqual([{ epc, direction: 'unknown' }])
  expect(walk([2])).toEqual([{ epc, direction: 'unknown' }])
  expect(walk([1, 2, 2, 1])).toEqual([{ epc, direction: 'unknown' }])
  expect(walk([3, 3])).toEqual([{ epc, direction: 'unknown' }])
})

test('one passage a walk, however long the tag stays in the field', () => {
  const g = gate()
  for (let t = 0; t < 60_000; t += 500) {
    g.gate.read(read(1))
    g.clock.advance(500)
  }
  g.clock.advance(5000)
  expect(g.said).toHaveLength(1)
  g.gate.read(read(1))
  g.clock.advance(5000)
  expect(g.said).toHaveLength(2)
})

test('two boxes carried together are two passages', () => {
  const g = gate()
  for (const a of [1, 2])
    for (const of of ['3034257BF7194E4000001A85', '3034257BF7194E4000001A86']) {
      g.gate.read(read(a, -50, of))
      g.clock.advance(60)
    }
  g.clock.advance(1500)
  expect(g.said.map((p) => p.direction)).toEqual(['out', 'out'])
})
