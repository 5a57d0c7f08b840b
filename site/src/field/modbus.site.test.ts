import { expect, test } from 'vitest'
import { Rig } from './rig.ts'
import { type Fits, isHealth } from './tape.ts'

type State = 'active' | 'clear' | 'unknown'
const contact =
  (input: string, state: State): Fits =>
  (e) =>
    e.kind === 'contact' && e.input === input && e.state === state
const isReading: Fits = (e) => e.kind === 'readings'

/** Each detector with the contact that trips first when its first loop opens. */
const detectors = [
  ['modbus-smoke', 'smoke-1'],
  ['modbus-aspirating', 'asd-fire'],
  ['modbus-annunciator', 'sa-1'],
  ['modbus-water', 'leak-1'],
  ['modbus-door', 'door-r1'],
  ['modbus-dio', 'dio-intrusion'],
] as const

test.each(detectors)(
  '%s: the driver sees %s trip and clear; a cut line is unknown, and it comes back by itself',
  async (name, input) => {
    await using rig = await Rig.open(name, { lively: false })
    await rig.well()
    const closed = Array.from({ length: 8 }, (_, i) => i !== 0)
    let mark = rig.tape.mark()
    await rig.device.send({ type: 'contacts', closed })
    await rig.tape.next(mark, contact(input, 'active'))
    mark = rig.tape.mark()
    await rig.wire.cut()
    await rig.tape.next(mark, isHealth('offline'))
    await rig.tape.next(mark, contact(input, 'unknown'))
    // What was known before the cut is never told as live.
    const meanwhile = rig.tape.since(mark).filter(({ event }) => contact(input, 'clear')(event))
    expect(meanwhile).toEqual([])
    mark = rig.tape.mark()
    await rig.device.send({ type: 'contacts', closed: closed.map(() => true) })
    await rig.wire.mend()
    await rig.tape.next(mark, contact(input, 'clear'))
    await rig.tape.next(mark, isHealth('online'))
    // Nobody wrote to the detector, however it was asked.
    expect(rig.device.state?.detail['resets']).toBe(0)
  },
)

function expectAirOf(rig: Rig) {
  for (const { event } of rig.tape.all) {
    if (event.kind !== 'readings') continue
    const { temperature = 21.5, humidity = 52.3 } = event.values
    expect(Math.abs(temperature - 21.7)).toBeLessThan(0.21)
    expect(Math.abs(humidity - 52.15)).toBeLessThan(0.16)
  }
}

test('modbus-air-jxbs: humidity comes first on its wire, and is not taken for temperature', async () => {
  await using rig = await Rig.open('modbus-air-jxbs')
  await rig.well()
  await rig.tape.next(0, isReading)
  expectAirOf(rig)
})

test('modbus-air: frames with a wrong bit are never read as air, and the line comes back', async () => {
  await using rig = await Rig.open('modbus-air')
  await rig.well()
  let mark = rig.tape.mark()
  rig.wire.mangle({ kind: 'corrupt', nth: 3 })
  await rig.tape.next(mark, isHealth('offline', 'degraded'))
  mark = rig.tape.mark()
  rig.wire.mangle({ kind: 'pass' })
  await rig.tape.next(mark, isReading)
  await rig.tape.next(mark, (e) => isHealth('online')(e) && e.kind === 'health' && e.badFrames > 0)
  expectAirOf(rig)
})

// A wrong bit among the values is TCP's own business: Modbus TCP has no check of its own.
test('modbus-air-tcp: bytes that nobody asked for end the session, and the next one reads on', async () => {
  await using rig = await Rig.open('modbus-air-tcp')
  await rig.well()
  for (const noise of [[0xff], [0, 1, 0, 0, 0, 5, 1, 4, 2, 3, 232], [1, 2, 3, 4, 5, 6, 7]]) {
    const mark = rig.tape.mark()
    expect(rig.wire.inject(Uint8Array.from(noise))).toBe(true)
    await rig.tape.next(mark, isReading)
  }
  expectAirOf(rig)
})
