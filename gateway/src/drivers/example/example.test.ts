import fc from 'fast-check'
import { expect, test } from 'vitest'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { ScriptedPeer } from '../testing/scripted-peer.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { createExampleDriver } from './driver.ts'
import { Lines, question, readLine } from './frames.ts'
import type { Example } from './kind.ts'

/** Sums by hand: exclusive or of all characters before the star. */
const well = '00 T=+21.4 H=45.2 *13'
const later = '01 T=-03.0 H=45.2 *10'

const device = (port: number): Example => ({
  ...{ id: 'ex', label: 'x', driver: 'example', host: '127.0.0.1', port, everyMs: 1000 },
  sensor: { id: 'ex-1', label: 'x', room: 'R1', xMm: 0, yMm: 0 },
  limits: {
    temperature: { low: 14, high: 24, deadband: 1 },
    humidity: { low: 45, high: 60, deadband: 1 },
    ...{ onDelayMs: 0, offDelayMs: 0 },
  },
})

test('an answer is read, and a wrong one is refused with its reason', () => {
  expect(question(7).toString()).toBe('?07\n')
  expect(readLine(well)).toEqual({ id: 0, values: { temperature: 21.4, humidity: 45.2 } })
  expect(readLine(later)).toEqual({ id: 1, values: { temperature: -3, humidity: 45.2 } })
  expect(readLine(well.replace('21.4', '21.5'))).toBe('wrong checksum')
  expect(readLine('00 T=+21.4 H=45.2')).toBe('not an answer')
})

test('any split of a stream gives the same lines, and no stream is kept for ever', () => {
  const split = fc.array(fc.uint8Array({ maxLength: 90 }), { maxLength: 6 })
  fc.assert(
    fc.property(split, (pieces) => {
      const apart = new Lines()
      const whole = new Lines()
      expect(pieces.flatMap((p) => apart.push(p))).toEqual(whole.push(Buffer.concat(pieces)))
    }),
    { seed: 1, numRuns: 500 },
  )
})

async function start() {
  const peer = await ScriptedPeer.listen()
  const clock = new SignalClock()
  const events = new EventLog()
  const driver = createExampleDriver(device(peer.port), events.deps(clock), loopbackIo())
  driver.start()
  return {
    peer,
    clock,
    events,
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await peer[Symbol.asyncDispose]()
    },
  }
}
const line = (text: string) => Buffer.from(`${text}\n`)

test('it asks, tells the reading, and asks again after its interval', async () => {
  await using r = await start()
  const c = await r.peer.accept()
  expect((await c.bytes(4)).toString()).toBe('?00\n')
  c.write(line(well))
  expect(await r.events.next('readings')).toMatchObject({
    sensor: 'ex-1',
    values: { temperature: 21.4, humidity: 45.2 },
  })
  expect(await r.events.next('health')).toMatchObject({ state: 'online' })
  await r.clock.pass(1000)
  expect((await c.bytes(4)).toString()).toBe('?01\n')
})

test('a late answer is none to the next question: the connection ends and nothing is told', async () => {
  await using r = await start()
  const c = await r.peer.accept()
  await c.bytes(4)
  c.write(line(later))
  await c.closed
  expect(await r.events.next('health')).toMatchObject({
    state: 'offline',
    detail: 'answer 1 to question 0',
    badFrames: 1,
  })
  expect(r.events.of('readings')).toEqual([])
})

test('a broken probe is silent and has no value; the other one counts', async () => {
  await using r = await start()
  const c = await r.peer.accept()
  await c.bytes(4)
  const body = '00 T=ERR H=45.2 '
  const sum = [...body].reduce((n, char) => n ^ char.charCodeAt(0), 0)
  c.write(line(`${body}*${sum.toString(16).toUpperCase().padStart(2, '0')}`))
  expect(await r.events.next('readings')).toMatchObject({ values: { humidity: 45.2 } })
  expect(await r.events.next('sensorSilent')).toMatchObject({ silent: true })
})

test('no answer within a second ends the connection, and it is found again', async () => {
  await using r = await start()
  const c = await r.peer.accept()
  await c.bytes(4)
  await r.clock.pass(1000)
  await c.closed
  expect(await r.events.next('health')).toMatchObject({ state: 'offline', detail: 'no answer' })
  await r.clock.passNext()
  const again = await r.peer.accept()
  expect((await again.bytes(4)).toString()).toBe('?00\n')
})
