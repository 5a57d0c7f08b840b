/** A driver of the gateway at the broker of the site: TLS, its own password, its own prefix. */
import { copyFileSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { driverKinds } from '@lantai/gateway'
import { connectAsync } from 'mqtt'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { isHealth, Tape } from '../field/tape.ts'
import { ensurePki } from '../pki/files.ts'
import { systemClock } from '../system-clock.ts'
import { tempDir } from '../testing.ts'
import { startBroker } from './broker.ts'
import { ensureVendorAccounts } from './vendor-accounts.ts'

const epc = '303423000000000000000001'
const log = pino({ level: 'silent' })

test('a reader’s reads go over TLS and two passwords to its driver, and a driver with another’s password stays out', async () => {
  using dir = tempDir()
  const below = (...parts: string[]) => join(dir.path, ...parts)
  const pki = await ensurePki(below('pki'), { broker: 'server' }, systemClock)
  const files = await ensureVendorAccounts(below('vendor'), ['reader-1', 'reader-2'])
  const broker = await startBroker({
    site: 'demo',
    port: 0,
    files: { ca: pki.ca, ...pki.of('broker') },
    vendor: { port: 0, accounts: files.accounts },
    log,
  })
  mkdirSync(below('gateway', 'mqtt', 'secrets'), { recursive: true })
  copyFileSync(pki.ca, below('gateway', 'mqtt', 'secrets', 'site-ca.crt'))
  for (const device of ['reader-1', 'reader-2'])
    copyFileSync(
      files.password('driver', device),
      below('gateway', 'mqtt', 'secrets', `${device}.password`),
    )
  const kind = driverKinds.get('impinj-iot')
  if (!kind) throw new Error('no driver impinj-iot')
  const create = await kind.load()
  const url = `mqtts://127.0.0.1:${broker.vendorPort}`
  const entry = (password: string) => ({
    id: 'reader-1',
    label: 'r',
    driver: 'impinj-iot',
    role: 'desk',
    topic: 'vendor/demo/reader-1/#',
    broker: {
      url,
      ca: 'site-ca.crt',
      user: 'driver.reader-1',
      clientId: 'driver.reader-1',
      password,
    },
  })
  const run = (password: string, tape: Tape) =>
    create(entry(password), {
      clock: systemClock,
      log,
      emit: (event) => tape.add(event),
      dataDir: below('gateway'),
    })
  try {
    const refused = new Tape()
    {
      await using driver = run('reader-2.password', refused)
      driver.start()
      const { event } = await refused.next(
        0,
        (e) => e.kind === 'health' && e.detail !== 'broker: not connected yet',
      )
      expect(event).toMatchObject({ state: 'offline', detail: /Not authorized/ })
    }
    const tape = new Tape()
    await using driver = run('reader-1.password', tape)
    driver.start()
    await tape.next(0, isHealth('unknown'))
    const device = await connectAsync(url, {
      ca: readFileSync(pki.ca),
      clientId: 'vendor.reader-1',
      username: 'vendor.reader-1',
      password: readFileSync(files.password('vendor', 'reader-1'), 'utf8').trim(),
    })
    const event = { eventType: 'tagInventory', tagInventoryEvent: { epcHex: epc, antennaPort: 1 } }
    await device.publishAsync('vendor/demo/reader-1/events', JSON.stringify(event), { qos: 1 })
    expect((await tape.next(0, (e) => e.kind === 'tags')).event).toMatchObject({ reads: [{ epc }] })
    await device.endAsync(true)
  } finally {
    await broker.stop()
  }
})
