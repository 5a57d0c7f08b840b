import { EventEmitter, once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { type DeviceEntry, VirtualClock } from '@lantai/contracts'
import { afterAll, expect, test } from 'vitest'
import type { DriverEvent } from '../drivers/driver.ts'
import { DriverHost } from './driver-host.ts'
import { runDrivers } from './driver-runtime.ts'
import { createLog } from './log.ts'

const dir = mkdtempSync(join(tmpdir(), 'lantai-driver-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))

/** A driver process of the same protocol that dies when it is asked to open. */
const file = join(dir, 'dies.ts')
writeFileSync(
  file,
  `process.once('message', (setup) => {
    const contact = { kind: 'contact', device: setup.devices[0].id, input: 'smoke-1', state: 'clear' }
    const atNs = process.hrtime.bigint() - 3_000_000_000n
    process.send({ kind: 'events', atNs, events: [contact] })
    process.on('message', (m) => {
      if (m.kind === 'stop') process.exit(0)
      if (m.request.verb === 'open') process.exit(9)
      process.send({ kind: 'answer', id: m.id, answer: 'sent' })
    })
  })`,
)
const device = { id: 'shelf-b1', driver: 'modbus-shelving' } as DeviceEntry

function host() {
  const clock = new VirtualClock()
  const heard = new EventEmitter()
  const lost: string[] = []
  const h = new DriverHost(
    { name: 'drivers', devices: [device], logLevel: 'silent', gateway: 'gw-01' },
    {
      clock,
      log: createLog('silent' as never, 'gw-01'),
      event: (e: DriverEvent, ageMs) => heard.emit('event', e, ageMs),
      lost: (ids, why) => {
        lost.push(...ids)
        heard.emit('lost', why)
      },
    },
    pathToFileURL(file),
  )
  return { h, clock, heard, lost }
}

test('G5: a driver that dies takes nobody with it, its requests have an unknown result, and it comes back', async () => {
  const { h, clock, heard, lost } = host()
  const first = once(heard, 'event')
  h.start()
  expect((await first)[0]).toMatchObject({ kind: 'contact', device: 'shelf-b1' })
  expect(await h.request('shelf-b1', { verb: 'stop', aisle: null }, null)).toBe('sent')
  const died = once(heard, 'lost')
  expect(await h.request('shelf-b1', { verb: 'open', aisle: 1 }, 500)).toBe('link-lost')
  await died
  expect(lost).toEqual(['shelf-b1'])
  expect(await h.request('shelf-b1', { verb: 'stop', aisle: null }, null)).toBe('link-lost')
  const again = once(heard, 'event')
  clock.advance(500)
  await again
  expect(h.restarts).toBe(1)
  await h.stop()
})

test('S1: an event is as old as its reading, not as its arrival', async () => {
  const { h, heard } = host()
  const first = once(heard, 'event')
  h.start()
  const [, ageMs] = await first
  expect(ageMs).toBeGreaterThanOrEqual(3000)
  await h.stop()
})

test('S2 S5: a motion request that came too late to its driver is not carried out', async () => {
  const answered = new EventEmitter()
  const shelf = {
    ...{ id: 'shelf-b1', label: 'x', driver: 'modbus-shelving', unit: 1, profile: 'bank-modbus' },
    ...{ everyMs: 500, bank: 'B1', room: 'R1', columns: [1, 2], notProvided: [] },
    // Nothing listens there: what is in time is tried and finds no link.
    line: { transport: 'tcp', host: '127.0.0.1', port: 1 },
  } as unknown as DeviceEntry
  const tell = await runDrivers(
    { name: 'drivers', devices: [shelf], logLevel: 'silent', gateway: 'gw-01' },
    (m) => m.kind === 'answer' && answered.emit('answer', m.answer),
    () => answered.emit('ended'),
  )
  const ask = async (notAfterNs: bigint) => {
    const answer = once(answered, 'answer')
    const request = { verb: 'close', aisle: null } as const
    tell({ kind: 'request', id: 1, device: 'shelf-b1', request, notAfterNs })
    return (await answer)[0]
  }
  expect(await ask(process.hrtime.bigint() - 1n)).toBe('withdrawn')
  expect(await ask(process.hrtime.bigint() + 3_600_000_000_000n)).toBe('link-lost')
  const ended = once(answered, 'ended')
  tell({ kind: 'stop' })
  await ended
})
