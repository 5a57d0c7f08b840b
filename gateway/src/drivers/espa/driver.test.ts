import { VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { Fire } from '../../interlock/fire.ts'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { type PeerConnection, ScriptedPeer } from '../testing/scripted-peer.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { createEspaDriver } from './driver.ts'
import { type EspaPanel, kind } from './kind.ts'

const panel: EspaPanel = {
  id: 'panel-1',
  label: '消防主机',
  driver: 'espa',
  line: { transport: 'tcp', host: '127.0.0.1', port: 1 },
  role: 'polled',
  ownAddress: '2',
  panelAddress: '1',
  silenceMs: 3000,
  settleMs: 1000,
  encoding: 'windows-1252',
  points: [
    { id: 'fire-1', label: '火警', room: 'R1', means: 'fire', text: 'fire' },
    { id: 'fault-1', label: '主机故障', room: 'R1', means: 'panelFault', text: 'fault' },
  ],
}
const poll = '3205'
const select = '31053205'
const fire = '013102311F3130301E321F46495245205A4F4E4520331E341F331E361F310329'
const reset = '013102311F3130301E341F31032B'
const wrongBcc = '013102311F3130300300'
const [ack, nak, eot] = ['06', '15', '04']
const repeatMs = 400

async function line(device: Partial<EspaPanel> = {}) {
  const peer = await ScriptedPeer.listen()
  const clock = new SignalClock()
  const events = new EventLog()
  const full = { ...panel, line: { transport: 'tcp' as const, host: '127.0.0.1', port: peer.port } }
  const driver = createEspaDriver({ ...full, ...device }, events.deps(clock), loopbackIo())
  driver.start()
  const c = await peer.accept()
  const say = (from: PeerConnection) => async (hex: string, answer: string) => {
    from.write(hex)
    expect(await from.hex(answer.length / 2)).toBe(answer)
  }
  return {
    peer,
    clock,
    events,
    c,
    say: say(c),
    sayOn: say,
    /** Time in which the panel polls, so that the link stands. */
    async polledFor(ms: number, on = say(c)) {
      for (let past = 0; past < ms; past += repeatMs) {
        await on(poll, eot)
        await clock.pass(repeatMs)
      }
    },
    until: (input: string, state: string) =>
      events.next('contact', (e) => e.input === input && e.state === state),
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await peer[Symbol.asyncDispose]()
    },
  }
}

test('points are unknown until the link has stood for a while; then no call means clear', async () => {
  await using m = await line()
  await m.until('fire-1', 'unknown')
  await m.say(poll, eot)
  expect(await m.events.next('health')).toMatchObject({ state: 'online' })
  expect(m.events.of('contact').some((e) => e.state === 'clear')).toBe(false)
  await m.polledFor(1200)
  await m.until('fire-1', 'clear')
})

test('a call is taken with its text, is acknowledged, and stands until the panel ends it', async () => {
  await using m = await line()
  await m.say(select, ack)
  await m.say(fire, ack)
  expect(await m.until('fire-1', 'active')).toMatchObject({ text: 'FIRE ZONE 3' })
  await m.say(eot, '')
  await m.polledFor(2000)
  expect(
    m.events
      .of('contact')
      .filter((e) => e.input === 'fire-1')
      .at(-1)?.state,
  ).toBe('active')
  expect(
    m.events
      .of('contact')
      .filter((e) => e.input === 'fault-1')
      .at(-1)?.state,
  ).toBe('clear')
  await m.say(select, ack)
  await m.say(reset, ack)
  await m.until('fire-1', 'clear')
})

test('a wrong BCC is refused; after three in a row nothing the panel says is known, until a good one', async () => {
  await using m = await line()
  await m.polledFor(1200)
  await m.until('fire-1', 'clear')
  await m.say(select, ack)
  await m.say(wrongBcc, nak)
  await m.say(wrongBcc, nak)
  expect(m.events.of('health').at(-1)?.state).toBe('online')
  await m.say(wrongBcc, nak)
  await m.until('fire-1', 'unknown')
  expect(await m.events.next('health', (h) => h.state === 'degraded')).toMatchObject({
    badFrames: 3,
  })
  await m.say(fire, ack)
  await m.until('fire-1', 'active')
})

test('S12 silence longer than the poll interval: fire link lost, points unknown, the call not forgotten', async () => {
  await using m = await line()
  await m.say(select, ack)
  await m.say(fire, ack)
  await m.until('fire-1', 'active')
  for (let past = 0; past <= 3200; past += repeatMs) await m.clock.pass(repeatMs)
  expect(await m.events.next('health', (h) => h.state === 'offline')).toMatchObject({
    detail: 'fire link lost: nothing from the panel for 3 s',
  })
  // The line may be half open: it is opened anew.
  await m.c.closed
  await m.clock.pass(500)
  const again = await m.peer.accept()
  await m.sayOn(again)(poll, eot)
  await m.until('fire-1', 'active')
})

test('a line that is closed makes every point unknown at once, and the driver comes back', async () => {
  await using m = await line()
  await m.polledFor(1200)
  await m.until('fire-1', 'clear')
  m.c.hangUp()
  await m.until('fire-1', 'unknown')
  await m.clock.pass(500)
  const again = await m.peer.accept()
  await m.sayOn(again)(poll, eot)
  await m.events.next('health', (h) => h.state === 'online')
})

test('a panel that never answers is a lost link too', async () => {
  await using m = await line({ role: 'polling', ownAddress: '1', panelAddress: '2' })
  expect(await m.c.hex(2)).toBe('3205')
  for (let past = 0; past <= 3200; past += repeatMs) await m.clock.pass(repeatMs)
  await m.events.next('health', (h) => h.state === 'offline')
})

test('where the panel waits to be asked, we poll, and answer its selection', async () => {
  await using m = await line({ role: 'polling', ownAddress: '1', panelAddress: '2', pollMs: 700 })
  expect(await m.c.hex(2)).toBe('3205')
  m.c.write('04')
  await m.events.next('health', (h) => h.state === 'online')
  await m.clock.pass(700)
  expect(await m.c.hex(2)).toBe('3205')
  await m.say('3105', ack)
  await m.say(fire, ack)
  await m.until('fire-1', 'active')
})

test('nothing but ACK, NAK and EOT is ever said to a panel that polls', async () => {
  await using m = await line()
  const words = [poll, select, fire, eot, wrongBcc, '0139', reset, '3305', poll]
  for (const word of words) m.c.write(word)
  await m.until('fire-1', 'active')
  m.c.write(poll)
  const said = await m.c.hex(5)
  expect(said).toMatch(/^(06|15|04)+$/)
})

test('S8 a panel that restarts does not clear our latch', () => {
  const clock = new VirtualClock()
  const point = {
    id: 'fire-1',
    label: '火警',
    room: 'R1',
    means: 'fire' as const,
    device: 'panel-1',
  }
  const latch = new Fire([point], {}, clock)
  latch.report('fire-1', 'active')
  // The panel restarts: silence, then polls without any call.
  latch.report('fire-1', 'unknown')
  expect(latch.reset('R1').ok).toBe(false)
  latch.report('fire-1', 'clear')
  expect(latch.latched('R1')?.id).toBe('fire-1')
  expect(latch.reset('R1').ok).toBe(true)
})

test('a reset rule that fits everything and a panel at our own address are refused', () => {
  expect(kind.check?.(panel)).toEqual([])
  expect(kind.check?.({ ...panel, reset: {} })).toHaveLength(1)
  expect(kind.check?.({ ...panel, ownAddress: '1' })).toHaveLength(1)
})
