import { expect, test } from 'vitest'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { ScriptedPeer } from '../testing/scripted-peer.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { createImsDriver } from './driver.ts'
import { type ImsShelving, kind } from './kind.ts'

const everyMs = 500
const commandMs = 2000

const entry = (port: number, over: Partial<ImsShelving> = {}): ImsShelving => ({
  id: 'shelf-b1',
  label: 'bank 1',
  driver: 'ims-shelving',
  host: '127.0.0.1',
  port,
  everyMs,
  numbers: 'order',
  bank: 'B1',
  room: 'R1',
  columns: [11, 12, 13],
  notProvided: [
    'eStop',
    'obstacle',
    'occupied',
    'door',
    'manual',
    'night',
    'controllerFault',
    'power',
    'otherAisle',
  ],
  number: 2,
  leftIs: 'lower',
  ...over,
})

/** A controller that is knocked at, and now and then told something. */
class Controller {
  readonly heard: string[] = []
  /** What it answers; null hangs up without a word, `mute` keeps the caller waiting. */
  answer: ((command: string) => string | null) | 'mute' = (command) => command
  #onHeard: () => void = () => undefined

  told(): Promise<void> {
    return new Promise((resolve) => {
      this.#onHeard = resolve
    })
  }
  async serve(peer: ScriptedPeer) {
    for (;;) void this.#one(await peer.accept())
  }
  async #one(connection: Awaited<ReturnType<ScriptedPeer['accept']>>) {
    let text = ''
    while (!text.endsWith('*END')) {
      const next = await Promise.race([connection.bytes(1), connection.closed])
      if (!next) return
      text += next.toString('latin1')
    }
    this.heard.push(text)
    this.#onHeard()
    if (this.answer === 'mute') return
    const reply = this.answer(text)
    if (reply) connection.write(Buffer.from(reply, 'latin1'))
    connection.finish()
  }
}

async function bank(over: Partial<ImsShelving> = {}) {
  let peer = await ScriptedPeer.listen()
  const { port } = peer
  const clock = new SignalClock()
  const events = new EventLog()
  const controller = new Controller()
  const driver = createImsDriver(entry(port, over), events.deps(clock), loopbackIo())
  void controller.serve(peer)
  driver.start()
  return {
    clock,
    events,
    controller,
    request: (
      verb: 'open' | 'close' | 'ventilate' | 'stop' | 'forbid' | 'lock',
      aisle: number | null = null,
      inTime?: () => boolean,
    ) => driver.request?.({ verb, aisle }, inTime),
    close: () => peer[Symbol.asyncDispose](),
    reopen: async () => {
      peer = await ScriptedPeer.listen(port)
      void controller.serve(peer)
    },
    async [Symbol.asyncDispose]() {
      await driver[Symbol.asyncDispose]()
      await peer[Symbol.asyncDispose]()
    },
  }
}

test('S6 all that is known of it is that somebody listens', async () => {
  await using b = await bank()
  const { observed, inputs } = await b.events.next('bank')
  expect(inputs).toEqual({ link: 'clear', forbid: 'clear' })
  expect(observed).toMatchObject({ motion: 'unknown', mode: 'unknown', openAisle: null })
  expect(await b.events.next('health')).toMatchObject({
    state: 'online',
    detail: expect.stringContaining('experimental'),
  })
  expect(b.controller.heard).toEqual([])
})

test.each([
  ['lower', 'START*02*RIGHTOPEN*02*END'],
  ['higher', 'START*02*LEFTOPEN*02*END'],
] as const)(
  'S11 an aisle is asked for by the side that was proven: left is %s',
  async (leftIs, text) => {
    await using b = await bank({ leftIs })
    await b.events.next('bank')
    expect(await b.request('open', 12)).toBe('sent')
    expect(b.controller.heard).toEqual([text])
  },
)

test('S11 without a side nothing can be opened; the whole bank can be asked', async () => {
  await using b = await bank({ leftIs: undefined } as never)
  await b.events.next('bank')
  expect(await b.request('open', 12)).toBe('unsupported')
  expect(await b.request('close')).toBe('sent')
  expect(await b.request('ventilate')).toBe('sent')
  expect(await b.request('stop')).toBe('sent')
  expect(b.controller.heard).toEqual([
    'START*02*CLOSED*00*END',
    'START*02*VENTILATION*00*END',
    'START*02*STOP*00*END',
  ])
})

test('what it cannot do is unsupported', async () => {
  await using b = await bank()
  await b.events.next('bank')
  expect(await b.request('forbid')).toBe('unsupported')
  expect(await b.request('lock')).toBe('unsupported')
  expect(b.controller.heard).toEqual([])
})

test('S6 a command without an answer was perhaps taken: link-lost, and never sent again', async () => {
  await using b = await bank()
  await b.events.next('bank')
  b.controller.answer = 'mute'
  const told = b.controller.told()
  const answer = b.request('open', 12)
  await told
  await b.clock.pass(commandMs)
  expect(await answer).toBe('link-lost')
  expect(b.controller.heard).toHaveLength(1)
})

test('an answer in other words says that it was heard; the answer to another command does not', async () => {
  await using b = await bank()
  await b.events.next('bank')
  b.controller.answer = () => 'OK\r\n'
  expect(await b.request('open', 12)).toBe('sent')
  b.controller.answer = () => 'START*02*CLOSED*00*END'
  expect(await b.request('open', 12)).toBe('link-lost')
})

test('S7 a stop is repeated while nobody answers, and waits for no other command', async () => {
  await using b = await bank()
  await b.events.next('bank')
  b.controller.answer = 'mute'
  const told = b.controller.told()
  const open = b.request('open', 12)
  await told
  b.controller.answer = (command) => (command.includes('STOP') ? command : null)
  expect(await b.request('stop')).toBe('sent')
  b.clock.advance(commandMs)
  expect(await open).toBe('link-lost')
  expect(b.controller.heard.map((c) => c.split('*')[2])).toEqual(['RIGHTOPEN', 'STOP'])
})

test('S7 motion that was asked for before a stop is not sent after it', async () => {
  await using b = await bank()
  await b.events.next('bank')
  expect(await Promise.all([b.request('open', 12), b.request('stop')])).toEqual([
    'withdrawn',
    'sent',
  ])
})

test('S2 the permit is asked for once more when the connection stands', async () => {
  await using b = await bank()
  await b.events.next('bank')
  expect(await b.request('open', 12, () => false)).toBe('withdrawn')
  expect(b.controller.heard).toEqual([])
})

test('S1 S5 a controller that is gone is noticed; nothing waits to run late; it is found again', async () => {
  await using b = await bank()
  await b.events.next('bank')
  await b.close()
  await b.clock.pass(everyMs)
  await b.clock.pass(1000)
  expect((await b.events.next('bank')).inputs.link).toBe('active')
  // Another try failed meanwhile; the next one is a second away.
  await b.clock.armed(1000)
  expect(await b.request('open', 12)).toBe('link-lost')
  await b.reopen()
  b.clock.advance(1000)
  await b.events.next('bank', (e) => e.inputs.link === 'clear')
  expect(b.controller.heard).toEqual([])
})

test('S1 every input that the protocol cannot give has to be named', () => {
  expect(kind.check?.(entry(1))).toEqual([])
  expect(kind.check?.(entry(1, { notProvided: ['door'] }))?.[0]).toMatch(
    /^notProvided: IMS cannot give eStop, obstacle/,
  )
})
