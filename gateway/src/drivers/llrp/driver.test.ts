import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { DriverIo } from '../link/byte-link.ts'
import { openTcp } from '../link/tcp-link.ts'
import { EventLog } from '../testing/event-log.ts'
import { loopbackIo } from '../testing/io.ts'
import { type PeerConnection, ScriptedPeer } from '../testing/scripted-peer.ts'
import { SignalClock } from '../testing/signal-clock.ts'
import { createLlrpDriver } from './driver.ts'
import type { LlrpReader } from './kind.ts'

const file = new URL('../../../../contracts/vectors/llrp.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as {
  messages: { name: string; hex: string }[]
}
const vector = (name: string) => {
  const found = vectors.messages.find((v) => v.name === name)
  if (!found) throw new Error(`no vector ${name}`)
  return Buffer.from(found.hex, 'hex')
}

const accepted = vector('connection accepted')
const success = Buffer.from('011F000800000000', 'hex')
/** A message made of raw bytes: no codec of the driver judges itself here. */
function raw(type: number, id: number, body: Buffer = success): Buffer {
  const head = Buffer.alloc(10)
  head.writeUInt16BE((1 << 10) | type)
  head.writeUInt32BE(10 + body.length, 2)
  head.writeUInt32BE(id, 6)
  return Buffer.concat([head, body])
}
const event = (body: string) => {
  const data = Buffer.from(body, 'hex')
  const head = Buffer.from([0, 246, 0, 4 + data.length])
  return raw(63, 1, Buffer.concat([head, data]))
}
const uptime = (us: number) => `0081000C${us.toString(16).padStart(16, '0')}`

const started = event('00F9000D000000000100000000')

interface Request {
  version: number
  type: number
  id: number
  body: Buffer
}
async function next(connection: PeerConnection): Promise<Request> {
  const head = await connection.bytes(10)
  const body = await connection.bytes(head.readUInt32BE(2) - 10)
  const first = head.readUInt16BE(0)
  return { version: first >> 10, type: first & 0x3ff, id: head.readUInt32BE(6), body }
}
const responseOf: Record<number, number> = {
  2: 12,
  3: 13,
  40: 50,
  42: 52,
  41: 51,
  21: 31,
  20: 30,
  24: 34,
}

/** Answers a whole start-up as an Impinj reader of LLRP 1.0.1 and gives the types that were asked, in order. */
async function startUp(connection: PeerConnection, manufacturer = 25882): Promise<number[]> {
  const types: number[] = []
  for (;;) {
    const request = await next(connection)
    types.push(request.type)
    if (request.type === 64) return types
    connection.write(answerTo(request, manufacturer))
  }
}
function answerTo({ type, id }: Request, manufacturer: number): Buffer {
  if (type === 46) return raw(100, id, Buffer.from('011F0008006E0000', 'hex'))
  if (type === 1) {
    const caps = Buffer.from(vector('capabilities of an Impinj reader'))
    caps.writeUInt32BE(id, 6)
    caps.writeUInt32BE(manufacturer, 10 + 8 + 4 + 4)
    return caps
  }
  if (type === 1023) {
    return raw(1023, id, Buffer.concat([Buffer.from('0000651A16', 'hex'), success]))
  }
  return raw(responseOf[type] ?? 0, id)
}

async function reader(over: Partial<LlrpReader> = {}, io: DriverIo = loopbackIo()) {
  const peer = await ScriptedPeer.listen()
  const clock = new SignalClock()
  const events = new EventLog()
  const driver = createLlrpDriver(
    {
      id: 'desk-1',
      label: 'desk',
      driver: 'llrp',
      host: '127.0.0.1',
      port: peer.port,
      role: 'desk',
      ...over,
    },
    events.deps(clock),
    io,
  )
  driver.start()
  let disposed = false
  return {
    peer,
    clock,
    events,
    driver,
    /** Up to flowing reports. */
    async up() {
      const connection = await peer.accept()
      connection.write(accepted)
      const types = await startUp(connection)
      await events.next('health', (h) => h.state === 'online')
      return { connection, types }
    },
    async dispose() {
      disposed = true
      await driver[Symbol.asyncDispose]()
    },
    async [Symbol.asyncDispose]() {
      await peer[Symbol.asyncDispose]()
      if (!disposed) await driver[Symbol.asyncDispose]()
    },
  }
}

test('nothing is sent before the connection event; then the start-up goes in order', async () => {
  await using r = await reader()
  const connection = await r.peer.accept()
  await r.clock.armed(10_000)
  expect(connection.unread).toBe(0)
  connection.write(accepted)
  expect(await startUp(connection)).toEqual([46, 1, 1023, 3, 2, 2, 41, 21, 20, 24, 64])
  const health = await r.events.next('health')
  expect(health).toMatchObject({ state: 'online', firmware: '5.14.0.240' })
})

test("another maker's reader is not asked for Impinj's extensions", async () => {
  await using r = await reader()
  const connection = await r.peer.accept()
  connection.write(accepted)
  expect(await startUp(connection, 161)).toEqual([46, 1, 3, 2, 2, 41, 21, 20, 24, 64])
})

test('the bytes of the start-up are the golden ones', async () => {
  await using r = await reader({ session: 2 })
  const connection = await r.peer.accept()
  connection.write(accepted)
  const seen = new Map<number, Buffer>()
  for (;;) {
    const request = await next(connection)
    seen.set(request.type, request.body)
    if (request.type === 64) break
    connection.write(answerTo(request, 25882))
  }
  const golden = vector('live ROSpec built from those capabilities, session 2')
  expect(seen.get(20)?.toString('hex')).toBe(golden.subarray(10).toString('hex'))
  const config = seen.get(3)?.toString('hex') ?? ''
  expect(config).toContain('00dc00090100002710')
  expect(config).toContain('00e2000580')
})

test('reads come with what the reader said, also when messages share a segment or are split', async () => {
  await using r = await reader()
  const { connection } = await r.up()
  const one = vector('one read with phase, fine RSSI and TID')
  const two = vector('two reads: a 128-bit EPC, and a report in uptime with an access result')
  connection.write(Buffer.concat([one, two, one.subarray(0, 17)]))
  const [read] = (await r.events.next('tags')).reads
  expect(read).toMatchObject({ rssiDbm: -55.25, frequencyKhz: 921_125, phaseRad: Math.PI })
  expect((await r.events.next('tags')).reads).toHaveLength(2)
  connection.write(one.subarray(17))
  expect((await r.events.next('tags')).reads).toHaveLength(1)
})

test('every keepalive is acknowledged with its own id', async () => {
  await using r = await reader()
  const { connection } = await r.up()
  for (const id of [77, 78]) {
    connection.write(raw(62, id, Buffer.alloc(0)))
    expect(await next(connection)).toMatchObject({ type: 72, id })
  }
})

test('three missed keepalives are death; the hole reaches back to the last word', async () => {
  await using r = await reader()
  const { connection } = await r.up()
  const lastHeard = r.clock.now()
  r.clock.advance(29_999)
  expect(r.events.of('health').map((h) => h.state)).toEqual(['online'])
  r.clock.advance(1)
  expect(await r.events.next('health')).toMatchObject({
    state: 'offline',
    detail: 'the reader fell silent: three keepalives missed',
  })
  await connection.closed
  await r.clock.pass(500)
  await r.up()
  const [hole] = r.events.of('hole')
  expect(hole).toMatchObject({ reason: 'observation-hole', fromMs: lastHeard })
  expect(hole?.toMs).toBe(lastHeard + 30_500)
})

test('a reader held by another client is said so after three tries, and taken when it is free', async () => {
  await using r = await reader()
  const held = vector('held by another client')
  for (const wait of [500, 1000, 2000]) {
    const connection = await r.peer.accept()
    connection.write(held)
    await connection.closed
    await r.clock.pass(wait)
  }
  await r.up()
  expect(r.events.of('health').map((h) => h.detail)).toEqual([
    'the reader says that another connection exists',
    'reader held by another client',
    null,
  ])
  expect(r.events.of('hole')).toEqual([])
})

test('a reader that accepts and says nothing is left after ten seconds', async () => {
  await using r = await reader()
  const connection = await r.peer.accept()
  await r.clock.pass(10_000)
  await connection.closed
  expect((await r.events.next('health')).detail).toBe(
    'the reader accepted the connection and said nothing',
  )
})

test('event 251 is a hole: the reader lost reads', async () => {
  await using r = await reader()
  const { connection } = await r.up()
  connection.write(vector('one read with phase, fine RSSI and TID'))
  await r.events.next('tags')
  const from = r.clock.now()
  r.clock.advance(1500)
  connection.write(vector('reads were lost'))
  expect(await r.events.next('hole')).toEqual({
    kind: 'hole',
    device: 'desk-1',
    reason: 'reader-overflow',
    fromMs: from,
    toMs: from + 1500,
  })
})

test.each([
  ['its uptime goes back', [event(uptime(5_000_000)), event(uptime(9))], 'the reader restarted'],
  ['its ROSpec ends', [started, vector('ROSpec 1 ended')], 'the reader stopped reading'],
  ['it says goodbye', [vector('the reader closes')], 'the reader closed the connection'],
  [
    'its bytes cannot be framed',
    [Buffer.from('043D00000003', 'hex')],
    'bad frame: message of 3 bytes',
  ],
])('the whole start-up is done again when %s', async (_, messages, detail) => {
  await using r = await reader()
  const { connection } = await r.up()
  for (const m of messages) connection.write(m)
  expect(await r.events.next('health')).toMatchObject({ state: 'offline', detail })
  await connection.closed
  await r.clock.pass(500)
  const { types } = await r.up()
  expect(types).toEqual([46, 1, 1023, 3, 2, 2, 41, 21, 20, 24, 64])
  expect(r.events.of('hole')).toHaveLength(1)
})

test('a lost antenna degrades the reader until it is back', async () => {
  await using r = await reader()
  const { connection } = await r.up()
  connection.write(vector('antenna 3 lost'))
  expect(await r.events.next('health')).toMatchObject({
    state: 'degraded',
    detail: 'antenna 3 disconnected',
  })
  connection.write(event('00FF0007010003'))
  expect(await r.events.next('health')).toMatchObject({ state: 'online' })
})

test('a message of another version is answered with error 110; an ERROR_MESSAGE never is', async () => {
  await using r = await reader()
  const { connection } = await r.up()
  const foreign = raw(61, 5, Buffer.alloc(0))
  foreign.writeUInt16BE((2 << 10) | 61)
  const foreignError = raw(100, 6)
  foreignError.writeUInt16BE((2 << 10) | 100)
  connection.write(Buffer.concat([foreignError, raw(100, 7), foreign]))
  const answer = await next(connection)
  expect(answer).toMatchObject({ type: 100, id: 5 })
  expect(answer.body.toString('hex')).toBe('011f0008006e0000')
  expect(connection.unread).toBe(0)
})

test('20 bad messages within a minute degrade the reader, and a good minute mends it', async () => {
  await using r = await reader()
  const { connection } = await r.up()
  const unknown = raw(1000, 1, Buffer.alloc(0))
  const alive = raw(62, 1, Buffer.alloc(0))
  connection.write(Buffer.concat([...Array.from({ length: 20 }, () => unknown), alive]))
  expect(await r.events.next('health')).toMatchObject({ state: 'degraded', badFrames: 20 })
  for (let i = 0; i < 6; i++) {
    await next(connection)
    r.clock.advance(10_000)
    connection.write(alive)
  }
  expect(await r.events.next('health')).toMatchObject({ state: 'online', badFrames: 20 })
})

test('a refused ROSpec is told in the words of the reader, and tried again', async () => {
  await using r = await reader()
  const connection = await r.peer.accept()
  connection.write(accepted)
  for (;;) {
    const request = await next(connection)
    if (request.type === 20) {
      const refusal = Buffer.from(vector('refused: unsupported parameter'))
      refusal.writeUInt32BE(request.id, 6)
      connection.write(refusal)
      break
    }
    connection.write(answerTo(request, 25882))
  }
  expect((await r.events.next('health')).detail).toBe('the reader refused: 100 参数')
  await r.clock.pass(500)
  await r.up()
})

test('the end is polite: CLOSE_CONNECTION, its answer, and then the socket', async () => {
  await using r = await reader()
  const { connection } = await r.up()
  const disposed = r.dispose()
  const request = await next(connection)
  expect(request.type).toBe(14)
  connection.write(raw(4, request.id))
  await connection.closed
  await disposed
})

test('a reader that does not answer the goodbye is left after two seconds', async () => {
  await using r = await reader()
  const { connection } = await r.up()
  const disposed = r.dispose()
  await next(connection)
  await r.clock.pass(2000)
  await connection.closed
  await disposed
})

test('fuzz: a reader that sends noise in place of anything is left and found again', async () => {
  await using r = await reader()
  const noise = fc.sample(fc.uint8Array({ minLength: 1, maxLength: 120 }), { seed: 3, numRuns: 40 })
  for (const bytes of noise) {
    const connection = await r.peer.accept()
    connection.write(accepted)
    connection.write(bytes)
    connection.finish()
    await connection.closed
    await r.clock.passNext()
  }
  const { connection } = await r.up()
  expect(r.events.of('tags')).toEqual([])
  // Noise inside an established connection ends it as well.
  connection.write(Buffer.from('0'.repeat(40), 'hex'))
  expect(await r.events.next('health')).toMatchObject({ state: 'offline' })
})

test('the end of an earlier ROSpec, held by the reader until now, is not the end of ours', async () => {
  await using r = await reader()
  const { connection } = await r.up()
  connection.write(Buffer.concat([vector('ROSpec 1 ended'), started]))
  connection.write(raw(62, 5, Buffer.alloc(0)))
  expect(await next(connection)).toMatchObject({ type: 72, id: 5 })
  expect(r.events.of('health').map((h) => h.state)).toEqual(['online'])
})

/** As `answerTo`, by a reader of 1.1 that stands at `current`; every other answer comes in version 1.1 too. */
function newerAnswerTo(request: Request, current: number): Buffer {
  const { type, id } = request
  const answer =
    type === 46
      ? raw(56, id, Buffer.concat([Buffer.from([current, 2]), success]))
      : type === 47
        ? raw(57, id)
        : answerTo(request, 25882)
  answer.writeUInt16BE((2 << 10) | (answer.readUInt16BE(0) & 0x3ff))
  return answer
}

test.each([
  [1, [46, 47, 1, 1023, 3, 2, 2, 41, 21, 20, 24, 64]],
  [2, [46, 1, 1023, 3, 2, 2, 41, 21, 20, 24, 64]],
])('LLRP 1.1 is agreed on with a reader that stands at version %i', async (current, types) => {
  await using r = await reader()
  const connection = await r.peer.accept()
  connection.write(accepted)
  const seen: number[] = []
  for (;;) {
    const request = await next(connection)
    seen.push(request.type)
    expect(request.version).toBe(2)
    if (request.type === 64) break
    connection.write(newerAnswerTo(request, current))
  }
  expect(seen).toEqual(types)
  await r.events.next('health', (h) => h.state === 'online')
  // From now on 1.0.1 is the foreign version.
  connection.write(raw(62, 5, Buffer.alloc(0)))
  expect(await next(connection)).toMatchObject({ type: 100, id: 5, version: 2 })
})

test('a reader that hangs up over the question of 1.1 is not asked again', async () => {
  await using r = await reader()
  const first = await r.peer.accept()
  first.write(accepted)
  expect((await next(first)).type).toBe(46)
  first.hangUp()
  await r.clock.pass(500)
  const { types } = await r.up()
  expect(types).toEqual([1, 1023, 3, 2, 2, 41, 21, 20, 24, 64])
})

test('a reader that does not answer the question of 1.1 is spoken to in 1.0.1', async () => {
  await using r = await reader()
  const connection = await r.peer.accept()
  connection.write(accepted)
  expect((await next(connection)).type).toBe(46)
  await r.clock.pass(10_000)
  expect(await startUp(connection)).toEqual([1, 1023, 3, 2, 2, 41, 21, 20, 24, 64])
})

test('an entry that says 1.0.1 asks nothing', async () => {
  await using r = await reader({ protocol: '1.0.1' })
  const { types } = await r.up()
  expect(types[0]).toBe(1)
})

test('the TID is read by an access operation where the reader has no way of its own', async () => {
  await using r = await reader({ tidWords: 6 })
  const connection = await r.peer.accept()
  connection.write(accepted)
  expect(await startUp(connection, 161)).toEqual([46, 1, 3, 2, 2, 41, 21, 20, 40, 42, 24, 64])
  connection.write(
    vector('a read with its TID from an access operation, and one whose operation failed'),
  )
  const { reads } = await r.events.next('tags')
  expect(reads.map((read) => read.tid)).toEqual(['E2801160600002051234ABCD', undefined])
})

const inRounds = { rounds: { everySeconds: 60, quietMs: 2000, longestMs: 20_000 } }
const connectedUs = 1_795_327_200_000_000
/** An event at a time of the reader's wall clock, in seconds after it took the connection. */
const at = (s: number, body: string) => {
  const us = BigInt(connectedUs + s * 1_000_000)
  return event(`0080000C${us.toString(16).padStart(16, '0')}${body}`)
}
const roSpecStarts = (s: number) => at(s, '00F9000D000000000100000000')
const roSpecEnds = (s: number) => at(s, '00F9000D010000000100000000')
const aiSpecEnds = (s: number) => at(s, '00FE000B00000000010001')
const twoReads = 'two reads: a 128-bit EPC, and a report in uptime with an access result'

test('rounds: one whose end was told is complete, also where its report comes last; it is not the end of reading', async () => {
  await using r = await reader({ ...inRounds, antennas: [{ antenna: 1 }, { antenna: 2 }] })
  const { connection } = await r.up()
  const fromMs = r.clock.now()
  connection.write(Buffer.concat([roSpecStarts(1), aiSpecEnds(4), roSpecEnds(4)]))
  connection.write(vector(twoReads))
  connection.write(vector(twoReads))
  await r.events.next('tags')
  const { reads } = await r.events.next('tags')
  await r.clock.pass(500)
  expect(await r.events.next('round')).toEqual({
    ...{ kind: 'round', device: 'desk-1', antennas: [1, 2], fromMs, toMs: fromMs },
    ...{ epcs: reads.map((read) => read.epc), troubles: [] },
  })
  expect(r.events.of('health').map((h) => h.state)).toEqual(['online'])
})

test.each([
  ['overflow', [vector('reads were lost')]],
  ['buffer', [vector('the buffer is 80 % full')]],
  ['exception', [vector('exception')]],
  ['antenna', [vector('antenna 3 lost')]],
  ['stopped', [at(2, '00F9000D020000000100000009')]],
] as const)('rounds: one with %s in it is not complete, the next one is', async (trouble, in_) => {
  await using r = await reader(inRounds)
  const { connection } = await r.up()
  connection.write(Buffer.concat([roSpecStarts(1), ...in_, aiSpecEnds(4), roSpecEnds(4)]))
  await r.clock.pass(500)
  expect(await r.events.next('round')).toMatchObject({ troubles: [trouble] })
  const mended = trouble === 'antenna' ? [event('00FF0007010003')] : []
  connection.write(Buffer.concat([...mended, roSpecStarts(61), aiSpecEnds(63), roSpecEnds(63)]))
  await r.clock.pass(500)
  expect(await r.events.next('round')).toMatchObject({ troubles: [] })
})

test('rounds: one that ran its longest is cut off; one in which the link is lost is told as that', async () => {
  await using r = await reader(inRounds)
  const { connection } = await r.up()
  connection.write(Buffer.concat([roSpecStarts(1), aiSpecEnds(21), roSpecEnds(21)]))
  await r.clock.pass(500)
  expect(await r.events.next('round')).toMatchObject({ troubles: ['cut-off'] })
  connection.write(Buffer.concat([roSpecStarts(61), vector(twoReads)]))
  await r.events.next('tags')
  connection.hangUp()
  const lost = await r.events.next('round')
  expect(lost).toMatchObject({ troubles: ['link-lost'] })
  expect(lost.epcs).toHaveLength(2)
  await r.clock.pass(500)
  const again = await r.up()
  // What the reader held meanwhile: of a round that nobody followed, by the reader's own clock.
  const held = [roSpecStarts(-30), aiSpecEnds(-28), roSpecEnds(-28)]
  again.connection.write(Buffer.concat([...held, roSpecStarts(1), aiSpecEnds(3), roSpecEnds(3)]))
  await r.clock.pass(500)
  expect(await r.events.next('round')).toMatchObject({ troubles: [] })
  expect(r.events.of('round')).toHaveLength(3)
})

test('what the reader cannot do as the entry asks is said, and nothing is added to it', async () => {
  await using r = await reader({ powerDbm: 5 })
  const connection = await r.peer.accept()
  connection.write(accepted)
  for (let n = 0; n < 2; n++) connection.write(answerTo(await next(connection), 161))
  expect((await r.events.next('health')).detail).toBe(
    "settings: 5 dBm is less than this reader's weakest, 10 dBm",
  )
  await connection.closed
  expect(connection.unread).toBe(0)
})

test('an antenna of the entry that the reader calls disconnected degrades it', async () => {
  await using r = await reader({ antennas: [{ antenna: 1 }, { antenna: 2 }] })
  const connection = await r.peer.accept()
  connection.write(accepted)
  for (;;) {
    const request = await next(connection)
    if (request.type === 64) break
    const config = Buffer.from(vector('the whole configuration'))
    config.writeUInt32BE(request.id, 6)
    connection.write(request.type === 2 ? config : answerTo(request, 25882))
  }
  expect(await r.events.next('health')).toMatchObject({
    state: 'degraded',
    detail: 'antenna 2 disconnected',
  })
})

test('identify blinks the output that the entry names, three times, and leaves it dark', async () => {
  await using r = await reader({ identifyOutput: 2 })
  expect(await r.driver.identify?.()).toBe('link-lost')
  const { connection } = await r.up()
  const answer = r.driver.identify?.()
  const seen: string[] = []
  for (let n = 0; n < 6; n++) {
    const request = await next(connection)
    seen.push(request.body.toString('hex'))
    connection.write(answerTo(request, 25882))
    if (n < 5) await r.clock.pass(500)
  }
  expect(await answer).toBe('blinked')
  const [on, off] = ['0000db0007000280', '0000db0007000200']
  expect(seen).toEqual([on, off, on, off, on, off])
})

test.each([
  ['the entry names no output', {}],
  ['the reader has fewer', { identifyOutput: 5 }],
])('identify touches nothing when %s', async (_, over) => {
  await using r = await reader(over)
  const { connection } = await r.up()
  expect(await r.driver.identify?.()).toBe('unsupported')
  expect(connection.unread).toBe(0)
})

test('a secured reader is trusted by what the entry names, and by nothing else', async () => {
  const seen: unknown[] = []
  const io: DriverIo = {
    ...loopbackIo(),
    tls: (host, port, trust) => {
      seen.push(trust)
      return openTcp(host, port)
    },
  }
  const ca = '-----BEGIN CERTIFICATE-----'
  await using r = await reader({ tls: { ca, servername: 'reader' } }, io)
  await r.up()
  expect(seen).toEqual([{ ca, servername: 'reader' }])
})

test('a certificate that is not there is said, and nothing is connected', async () => {
  await using r = await reader({ tls: { ca: '/nowhere/reader.pem' } })
  const { detail } = await r.events.next('health')
  expect(detail).toContain('certificate: ENOENT')
  expect(r.peer.connections).toBe(0)
})
