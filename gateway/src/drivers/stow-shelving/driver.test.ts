import { expect, test } from 'vitest'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { type PeerConnection, ScriptedPeer } from '../testing/scripted-peer.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { createStowDriver } from './driver.ts'
import { kind, type StowShelving } from './kind.ts'

const everyMs = 400
const replyMs = 500
const backoffMs = 500
const graceMs = 1000
const autoReleasedPower = 0b0100_0111
const moving = 0b0010_0000

const entry = (port: number, over: Partial<StowShelving> = {}): StowShelving => ({
  id: 'shelf-b1',
  label: 'bank 1',
  driver: 'stow-shelving',
  host: '127.0.0.1',
  port,
  everyMs,
  numbers: 'order',
  bank: 'B1',
  room: 'R1',
  columns: [11, 12, 13],
  notProvided: ['occupied', 'door'],
  alarms: { table: 'late', version: '2.5' },
  ...over,
})

/** A PLC whose twenty bytes are the test's to set. */
class Plc {
  readonly image = Buffer.from([0, 2, 2, 5, 1, autoReleasedPower, 3, ...Array(13).fill(0)])
  readonly requests: string[] = []
  mood: 'answers' | 'silent' | 'half' | 'twice' = 'answers'

  async serve(connection: PeerConnection) {
    for (;;) {
      const request = await Promise.race([connection.bytes(2), connection.closed])
      if (!request) return
      this.requests.push(request.toString('hex'))
      if (this.mood === 'silent') continue
      const reply = Buffer.from(this.image)
      request.copy(reply)
      connection.write(this.mood === 'half' ? reply.subarray(0, 9) : reply)
      if (this.mood === 'twice') connection.write(reply)
    }
  }
  get opens() {
    return this.requests.filter((r) => r.endsWith('01'))
  }
}

async function bank(over: Partial<StowShelving> = {}) {
  const peer = await ScriptedPeer.listen()
  const clock = new SignalClock()
  const events = new EventLog()
  const plc = new Plc()
  const driver = createStowDriver(entry(peer.port, over), events.deps(clock), loopbackIo())
  const speak = async () => {
    for (;;) await plc.serve(await peer.accept())
  }
  void speak()
  driver.start()
  return {
    peer,
    clock,
    events,
    plc,
    request: (
      verb: 'open' | 'close' | 'stop' | 'forbid' | 'lock',
      aisle: number | null = null,
      inTime?: () => boolean,
    ) => driver.request?.({ verb, aisle }, inTime),
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await peer[Symbol.asyncDispose]()
    },
  }
}

test('S6 status is what the PLC said; what it cannot say stays unknown', async () => {
  await using b = await bank()
  b.plc.image[15] = 2
  const { observed, inputs } = await b.events.next('bank')
  expect(observed).toMatchObject({ mode: 'auto', motion: 'still', openAisle: 12, faults: [] })
  expect(observed.columns.every((c) => c.xMm === null && c.locked === null)).toBe(true)
  expect(inputs).toEqual({
    link: 'clear',
    eStop: 'clear',
    obstacle: 'clear',
    controllerFault: 'clear',
    occupied: 'unknown',
    forbid: 'clear',
    manual: 'clear',
    night: 'clear',
    power: 'clear',
  })
  expect(await b.events.next('health')).toMatchObject({ state: 'online', firmware: '2.5' })
})

test.each([
  ['manual', 5, 0b0100_1101],
  ['manual', 5, 0b0100_0101],
  ['night', 5, 0b0101_0111],
  ['power', 5, 0b0000_0111],
  ['forbid', 5, 0b0100_0011],
  ['occupied', 7, 1],
  ['obstacle', 8, 1],
  ['eStop', 8, 8],
  ['controllerFault', 17, 14],
] as const)('S1 input %s is active when byte %d says %d', async (input, at, value) => {
  await using b = await bank()
  b.plc.image[at] = value
  expect((await b.events.next('bank')).inputs[input]).toBe('active')
})

test('an aisle that is on its way, or was opened before somebody took the handle, is not open', async () => {
  await using b = await bank()
  b.plc.image[14] = 3
  b.plc.image[15] = 2
  expect((await b.events.next('bank')).observed.openAisle).toBeNull()
  b.plc.image[14] = 0
  b.plc.image[5] = 0b0100_1101
  await b.clock.pass(everyMs)
  expect((await b.events.next('bank')).observed.openAisle).toBeNull()
})

test('an aisle that this bank does not have is a fault, never a guess', async () => {
  await using b = await bank()
  b.plc.image[15] = 9
  expect((await b.events.next('bank')).observed).toMatchObject({
    openAisle: null,
    faults: ['unknown aisle 9 in place'],
  })
})

test('S6 an aisle is asked for once, by its place on the rail', async () => {
  await using b = await bank()
  await b.events.next('bank')
  expect(await b.request('open', 13)).toBe('sent')
  expect(b.plc.opens).toEqual(['0301'])
})

test('what it cannot do is unsupported and never imitated', async () => {
  await using b = await bank()
  await b.events.next('bank')
  for (const verb of ['close', 'stop', 'forbid', 'lock'] as const)
    expect(await b.request(verb)).toBe('unsupported')
  expect(await b.request('open', 99)).toBe('unsupported')
  expect(b.plc.opens).toEqual([])
})

test('S6 a request whose reply is lost was perhaps taken: it is not sent again, status is read', async () => {
  await using b = await bank()
  await b.events.next('bank')
  b.plc.mood = 'silent'
  const answer = b.request('open', 12)
  await b.clock.pass(replyMs)
  expect(await answer).toBe('link-lost')
  b.plc.mood = 'answers'
  await b.clock.pass(backoffMs)
  await b.events.next('bank', (e) => e.inputs.link === 'clear')
  expect(b.plc.opens).toEqual(['0201'])
})

test('S7 motion that was asked for before a stop is not sent after it, though the PLC knows no stop', async () => {
  await using b = await bank()
  await b.events.next('bank')
  const answers = Promise.all([b.request('open', 12), b.request('stop')])
  expect(await answers).toEqual(['withdrawn', 'unsupported'])
  expect(b.plc.opens).toEqual([])
})

test('S2 the permit is asked for once more right before the request is written', async () => {
  await using b = await bank()
  await b.events.next('bank')
  expect(await b.request('open', 12, () => false)).toBe('withdrawn')
  expect(b.plc.opens).toEqual([])
})

test.each(['half', 'twice'] as const)(
  'a reply that is not exactly twenty bytes ends the connection: %s',
  async (mood) => {
    await using b = await bank()
    await b.events.next('bank')
    b.plc.mood = mood
    const before = b.peer.connections
    await b.clock.pass(everyMs)
    if (mood === 'half') await b.clock.pass(replyMs)
    await b.clock.armed(graceMs)
    b.plc.mood = 'answers'
    await b.clock.pass(backoffMs)
    await b.events.next('bank', () => b.peer.connections > before)
    expect(b.peer.connections).toBe(before + 1)
  },
)

test('a reply of noise is counted, kept as evidence and not believed', async () => {
  await using b = await bank()
  await b.events.next('bank')
  b.plc.image.fill(0)
  await b.clock.pass(everyMs)
  await b.clock.armed(graceMs)
  b.plc.image.set([0, 2, 2, 5, 1, autoReleasedPower])
  b.plc.image[9] = 1
  await b.clock.pass(backoffMs)
  expect((await b.events.next('bank')).inputs.eStop).toBe('active')
  expect(b.events.of('bank')).toHaveLength(2)
})

test('S1 link loss makes everything unknown before two seconds have passed', async () => {
  await using b = await bank()
  await b.events.next('bank')
  const lastGood = b.clock.mono()
  b.plc.mood = 'silent'
  await b.clock.pass(everyMs)
  await b.clock.pass(replyMs)
  await b.clock.pass(1000)
  const { observed, inputs } = await b.events.next('bank')
  expect(b.clock.mono() - lastGood).toBeLessThanOrEqual(2000)
  expect(observed).toMatchObject({ motion: 'unknown', mode: 'unknown', openAisle: null })
  expect(inputs).toMatchObject({ link: 'active', eStop: 'unknown', obstacle: 'unknown' })
})

test('the look is quicker while the bank moves', async () => {
  await using b = await bank()
  await b.events.next('bank')
  b.plc.image[5] = autoReleasedPower | moving
  await b.clock.pass(everyMs)
  expect((await b.events.next('bank')).observed.motion).toBe('moving')
  await b.clock.pass(150)
  await b.events.next('bank')
})

test('alarm bits that nobody has confirmed are told in its health', async () => {
  await using b = await bank({ alarms: undefined } as never)
  expect((await b.events.next('health')).detail).toMatch(/alarm bits are not confirmed/)
})

test('S1 S9 a list that hides what the protocol cannot give, or counts too far, is refused; one PLC has one writer', () => {
  const wrong = (over: Partial<StowShelving>) => kind.check?.(entry(2000, over)) ?? []
  expect(wrong({})).toEqual([])
  expect(wrong({ notProvided: ['door'] })).toEqual([
    'notProvided: Stow cannot give occupied; name what is accepted to be missing',
  ])
  expect(wrong({ numbers: 'columns', columns: [18, 19, 20] })).toHaveLength(1)
  expect(kind.claims(entry(2000))).toEqual(kind.claims(entry(2001)))
})
