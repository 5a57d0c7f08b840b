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
  d.clock.advance(499)
  expect(d.said).toHaveLength(3)
  d.clock.advance(10_000)
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
        d.clock.advance(120_000)
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
  d.clock.advance(120_000)
  d.desk.read(read())
  expect(d.said.map((s) => s.departed ?? false)).toEqual([false, true, false])
})

test('silence lasts for as long as the rhythm of a tag explains it: a slow reader does not make boxes leave', () => {
  const leaves = (everyMs: number) => {
    const d = desk()
    for (let n = 0; n < 60; n++) {
      d.desk.read(read())
      // Every third answer is missed.
      d.clock.advance(n % 3 === 0 ? 2 * everyMs : everyMs)
    }
    expect(d.said.filter((s) => s.departed)).toEqual([])
    const last = d.clock.mono()
    while (d.desk.size() > 0) d.clock.advance(100)
    return d.clock.mono() - last
  }
  const fast = leaves(200)
  const slow = leaves(4000)
  expect(fast).toBeLessThan(6000)
  expect(slow).toBeGreaterThan(3 * fast)
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

test('a tag that lies in the field, as strong as ever and at one antenna, has not passed, however long it lies there', () => {
  const g = gate()
  // Somebody else has shown that both antennas hear.
  for (const antenna of [1, 2]) g.gate.read(read(antenna, -50, '3034257BF7194E4000001A99'))
  g.clock.advance(10_000)
  g.said.length = 0
  for (let t = 0; t < 60_000; t += 500) {
    g.gate.read(read(1))
    g.clock.advance(500)
  }
  g.clock.advance(5000)
  expect(g.said).toEqual([])
})

test('a tag at the edge of the field is a doubt said once, not for hours', () => {
  const g = gate()
  const hours = 6
  for (let t = 0; t < hours * 3_600_000; t += 90_000) {
    for (const at of [0, 100, 200]) {
      g.gate.read(read(1, at === 100 ? -52 : -55))
      g.clock.advance(100)
    }
    g.clock.advance(89_700)
  }
  expect(g.said).toEqual([{ epc, direction: 'unknown' }])
})

test('a doubt said before does not silence the tag when it is really carried out', () => {
  const g = gate()
  g.gate.read(read(1))
  g.clock.advance(60_000)
  for (const a of [1, 1, 1, 2, 2, 2]) {
    g.gate.read(read(a))
    g.clock.advance(50)
  }
  g.clock.advance(2000)
  expect(g.said.map((p) => p.direction)).toEqual(['unknown', 'out'])
})

/** Carried at one metre a second through stops in metres, negative inside; antennas 60 cm before and behind the door. */
function carry(g: ReturnType<typeof gate>, stops: number[]) {
  for (const [i, from] of stops.slice(0, -1).entries()) {
    const to = stops[i + 1] as number
    for (let ms = 0; ms < 1000 * Math.abs(to - from); ms += 50) {
      const x = from + (Math.sign(to - from) * ms) / 1000
      const antenna = (ms / 50) % 2 === 0 ? 1 : 2
      const distance = Math.hypot(x - (antenna === 1 ? -0.6 : 0.6), 0.8)
      const dBm = -42 - 40 * Math.log10(distance)
      if (dBm > -70) g.gate.read(read(antenna, dBm))
      g.clock.advance(50)
    }
  }
}

test('out and straight back is out and then in; to the door and back is neither', () => {
  const back = gate()
  carry(back, [-3, 4, -3])
  back.clock.advance(2000)
  expect(back.said.map((p) => p.direction)).toEqual(['out', 'in'])
  const turned = gate()
  carry(turned, [-3, -1, -3])
  turned.clock.advance(2000)
  expect(turned.said.filter((p) => p.direction !== 'unknown')).toEqual([])
})

test('what has lain near for hours, and is then carried out, is said to have gone out', () => {
  const g = gate()
  for (let n = 0; n < 200; n++) {
    g.gate.read(read(1, -60))
    g.clock.advance(60_000)
  }
  g.said.length = 0
  carry(g, [-2, 3])
  g.clock.advance(3000)
  expect(g.said).toEqual([{ epc, direction: 'out' }])
})

test('what is certain is said while the tag is still heard', () => {
  const g = gate()
  carry(g, [-3, 2.5])
  expect(g.said).toEqual([{ epc, direction: 'out' }])
  g.clock.advance(5000)
  expect(g.said).toHaveLength(1)
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
