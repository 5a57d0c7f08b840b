/** What a person gets to read and to copy when a device is tried whose bytes tell little. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Clock, type DeviceEntry, millis } from '@lantai/contracts'
import { createLog, type DriverKind, driverKinds, systemIo, tryDevice } from '@lantai/gateway'
import { expect, test } from 'vitest'
import { systemClock } from '../system-clock.ts'
import { Rig } from './rig.ts'
import { isData } from './tape.ts'

const forMs = millis(15_000)

/** The trial is over when the device has spoken, however fast this machine is. */
function untilSpoken(kind: DriverKind): { kind: DriverKind; clock: Clock } {
  const spoke = Promise.withResolvers<void>()
  const load = async () => {
    const create = await kind.load()
    return (...[device, deps, io]: Parameters<typeof create>) => {
      const heard = { data: false, reached: false }
      const emit: typeof deps.emit = (event) => {
        deps.emit(event)
        heard.data ||= isData(event)
        // A scan may come before the driver has said that it is connected.
        heard.reached ||= event.kind === 'health' && ['online', 'degraded'].includes(event.state)
        if (heard.data && heard.reached) spoke.resolve()
      }
      return create(device, { ...deps, emit }, io)
    }
  }
  const after: Clock['after'] = (delay, job) => {
    if (delay !== forMs) return systemClock.after(delay, job)
    void spoke.promise.then(job)
    return { cancel: () => undefined }
  }
  return { kind: { ...kind, load }, clock: { ...systemClock, after } }
}

/** Tries a simulated device that stands alone, once its own driver has met it and has gone. */
async function tried(name: string, change: (entry: DeviceEntry, rig: Rig) => DeviceEntry) {
  await using rig = await Rig.open(name)
  await rig.well()
  await rig.stopDriver()
  const kind = driverKinds.get(rig.entry.driver)
  if (!kind) throw new Error(`no driver ${rig.entry.driver}`)
  const log = createLog('silent' as never, 'trial')
  const deps = { ...untilSpoken(kind), log, io: systemIo, dataDir: rig.dataDir }
  const report = await tryDevice(change(rig.entry, rig), forMs, deps)
  expect(report.verdict).toBe('spoke')
  return report
}

const password = 'zwölf-Monde'
function withPassword(entry: DeviceEntry, rig: Rig): DeviceEntry {
  const secrets = join(rig.dataDir, 'mqtt', 'secrets')
  mkdirSync(secrets, { recursive: true })
  writeFileSync(join(secrets, 'reader.password'), `${password}\n`)
  const { broker } = entry as DeviceEntry & { broker: object }
  return { ...entry, broker: { ...broker, user: 'lantai', password: 'reader.password' } }
}

test('an MQTT device: who was let in, what is subscribed, topics and heads of messages; its password file is not told', async () => {
  const { text, frames } = await tried('impinj-iot', withPassword)
  expect(text).toContain('the broker lets in lantai, client lantai-reader-1')
  expect(text).toContain('subscription to vendor/demo/reader-1/events: granted, QoS 1')
  expect(text).toMatch(/vendor\/demo\/reader-1\/events \(\d+ bytes\): \{.*"eventType"/)
  const crossed = frames.map((f) => f.hex.replaceAll(' ', '')).join('')
  expect(crossed).toContain('**'.repeat(Buffer.byteLength(password)))
  expect(crossed).not.toContain(Buffer.from(password).toString('hex'))
  expect(text).not.toContain(password)
})

test('an OPC UA device: its endpoints with their security, both certificates, and how it answers', async () => {
  const { text } = await tried('autoid-reader', (entry) => entry)
  expect(text).toMatch(/endpoint opc\.tcp:\/\/\S+: SignAndEncrypt, Basic256Sha256, tokens \w+/)
  for (const whose of ['certificate of the server', 'our certificate'])
    expect(text).toMatch(new RegExp(`${whose}.*thumbprint [0-9a-f]{40}, SHA-256 [0-9A-F]{64}`))
  expect(text).toContain('session opened anonymously')
  expect(text).toMatch(/browse: answered in \d+ ms/)
})
