import { type Clock, hiddenSecret, millis, type Timer, VirtualClock } from '@lantai/contracts'
import { Type } from 'typebox'
import { expect, test } from 'vitest'
import type { DriverDeps, DriverKind } from '../drivers/driver.ts'
import type { ByteLink, DriverIo, LinkHandlers } from '../drivers/link/byte-link.ts'
import { createLog } from './log.ts'
import { tryDevice } from './trial.ts'

/** A driver that sends its password in the clear and says what it hears. */
const kind: DriverKind = {
  driver: 'plain',
  words: { zh: '明文', en: 'Plain' },
  schema: Type.Object({
    host: Type.String(),
    login: Type.Object({ password: Type.String({ writeOnly: true }) }),
  }),
  facets: () => ({}),
  claims: () => [],
  load:
    async () =>
    (device, { emit }: DriverDeps, io?: DriverIo) => {
      const { host, login, id } = device as {
        id: string
        host: string
        login: { password: string }
      }
      let link: ByteLink | undefined
      const health = (state: 'online' | 'offline', detail: string | null) =>
        emit({ kind: 'health', device: id, state, detail, firmware: null, badFrames: 2 })
      const heard = (chunk: Uint8Array) =>
        emit({
          kind: 'readings',
          device: id,
          sensor: 's-1',
          values: { temperature: chunk[0] ?? 0 },
        })
      return {
        start() {
          link = io?.tcp(
            host,
            23,
          )({
            opened: () => {
              health('online', null)
              link?.write(Buffer.from(`login ${login.password}\n`))
            },
            data: heard,
            closed: (reason) => health('offline', reason),
          })
        },
        [Symbol.asyncDispose]: async () => link?.close(),
      }
    },
}

/** The other end, answered for by the test. */
function wire() {
  const ends: LinkHandlers[] = []
  const sent: string[] = []
  let closed = 0
  const open = () => (handlers: LinkHandlers) => {
    ends.push(handlers)
    return {
      write: (b: Uint8Array) => void sent.push(Buffer.from(b).toString()),
      close: async () => void closed++,
    }
  }
  const io = { tcp: open, tls: open, udp: open, serial: open, random: () => 0 } as DriverIo
  return { io, ends, sent, closed: () => closed }
}

/** Says when the trial waits, so that the test moves time only then. */
function waiting(clock: VirtualClock): { clock: Clock; begun: Promise<void> } {
  const begun = Promise.withResolvers<void>()
  const after = (delay: ReturnType<typeof millis>, job: () => void): Timer => {
    const timer = clock.after(delay, job)
    begun.resolve()
    return timer
  }
  const watched = { now: () => clock.now(), mono: () => clock.mono(), after }
  return { clock: watched, begun: begun.promise }
}

const entry = {
  ...{ id: 'p-1', label: 'p', driver: 'plain', host: '10.0.0.9' },
  login: { password: 'geheim' },
}

async function trial(during: (end: LinkHandlers, virtual: VirtualClock) => void) {
  const virtual = new VirtualClock()
  const { io, ends, sent, closed } = wire()
  const { clock, begun } = waiting(virtual)
  const log = createLog('silent' as never, 'gw-01')
  const done = tryDevice(entry, millis(5000), { clock, log, io, kind })
  await begun
  during(ends[0] as LinkHandlers, virtual)
  virtual.advance(5000)
  return { report: await done, sent, closed: closed() }
}

test('a trial says what crossed the wire, when, and what it meant; secrets are nowhere in it', async () => {
  const { report, sent, closed } = await trial((end, virtual) => {
    virtual.advance(100)
    end.opened()
    virtual.advance(50)
    end.data(Uint8Array.of(21, 255))
  })
  expect(sent).toEqual(['login geheim\n'])
  expect(closed).toBe(1)
  expect(report).toMatchObject({
    verdict: 'spoke',
    links: [
      { afterMs: 0, what: 'opening', detail: 'tcp 10.0.0.9:23' },
      { afterMs: 100, what: 'opened' },
    ],
    health: [{ afterMs: 100, state: 'online' }],
    frames: [
      { afterMs: 100, to: 'device', bytes: 13, hex: '6c 6f 67 69 6e 20 ** ** ** ** ** ** 0a' },
      { afterMs: 150, to: 'us', bytes: 2, hex: '15 ff' },
    ],
    ...{ bytesToDevice: 13, bytesToUs: 2, badFrames: 2, events: { health: 1, readings: 1 } },
  })
  expect(report.settings).toContain(hiddenSecret)
  expect(JSON.stringify(report)).not.toContain('geheim')
  expect(report.text).toContain('150 ms < 2: 15 ff')
  expect(report.text).toContain('"temperature":21')
})

test('a device that answers nothing is silent, and one that only connects is online', async () => {
  const lost = await trial((end) => end.closed('connection refused'))
  expect(lost.report).toMatchObject({
    verdict: 'silent',
    links: [{ what: 'opening' }, { what: 'closed', detail: 'connection refused' }],
  })
  expect((await trial((end) => end.opened())).report.verdict).toBe('online')
  // What a driver says of a device that it does not reach is not the device's word.
  const never = await trial((end) => {
    end.closed('connection refused')
    end.data(Uint8Array.of(0))
  })
  expect(never.report).toMatchObject({ verdict: 'silent', events: { readings: 1 } })
})
