import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { driverKinds } from '@lantai/gateway'
import { Errors } from 'typebox/value'
import { expect, test } from 'vitest'
import { tempDir } from '../testing.ts'
import { readAccounts } from './vendor-accounts.ts'
import { authorityName, devicesAt, driverSecret, driverUser, VendorPlace } from './vendor-place.ts'

const port = 20_884
/** An entry as the dashboard writes it, with another broker where one is given. */
const reader = (id: string, broker: object = {}) => ({
  ...{ id, label: id, driver: 'impinj-iot', role: 'desk', topic: `vendor/demo/${id}/#` },
  broker: {
    ...{ url: `mqtts://127.0.0.1:${port}`, ca: authorityName, user: driverUser(id) },
    ...{ password: driverSecret(id), ...broker },
  },
})
const list = (...devices: { id: string; label: string; driver: string }[]) => ({
  version: 1 as const,
  devices,
})

test('an entry that names our port and its own driver is at our broker; any other is not', () => {
  const wire = { id: 'air-1', label: 'air', driver: 'modbus-air' }
  const found = devicesAt(
    list(
      reader('reader-7'),
      reader('reader-8', { url: `mqtts://localhost:${port}/` }),
      reader('elsewhere', { url: 'mqtts://broker.example:8883' }),
      reader('plain', { url: `mqtt://127.0.0.1:${port}` }),
      reader('longer', { url: `mqtts://127.0.0.1:1${port}` }),
      reader('another', { user: 'driver.reader-7' }),
      wire,
    ),
    port,
  )
  expect(found).toEqual(['reader-7', 'reader-8'])
})

test.each(['impinj-iot', 'zebra-iotc'])('what is looked for is what %s takes', (driver) => {
  const kind = driverKinds.get(driver)
  expect(kind && Errors(kind.schema, { ...reader('reader-7'), driver })).toEqual([])
})

test('who is in the list has an account and its driver what it needs, over starts too, until it leaves the list', async () => {
  using dir = tempDir()
  const ca = join(dir.path, 'ca.pem')
  writeFileSync(ca, 'authority')
  const [accounts, gatewayDir] = [join(dir.path, 'vendor'), join(dir.path, 'gateway')]
  const open = () => VendorPlace.open({ dir: accounts, ca, gatewayDir, port })
  const users = () => readAccounts(join(accounts, 'accounts.json')).map((a) => a.user)
  const place = await open()
  expect([place.devices, users()]).toEqual([[], []])
  expect(await place.follow(list(reader('reader-7'), reader('zigbee-1')))).toEqual([
    'reader-7',
    'zigbee-1',
  ])
  const secret = join(gatewayDir, 'mqtt', 'secrets', driverSecret('reader-7'))
  expect(statSync(secret).mode & 0o777).toBe(0o600)
  const password = readFileSync(secret, 'utf8')
  expect(password).toBe(readFileSync(place.files.password('driver', 'reader-7'), 'utf8'))
  expect(await place.follow(list(reader('zigbee-1'), reader('reader-7')))).toBeNull()

  const again = await open()
  expect(again.devices).toEqual(['reader-7', 'zigbee-1'])
  expect(await again.follow(list(reader('reader-7'), reader('zigbee-2')))).toEqual(['zigbee-2'])
  expect(readFileSync(secret, 'utf8')).toBe(password)
  expect(users().sort()).toEqual([
    'driver.reader-7',
    'driver.zigbee-2',
    'vendor.reader-7',
    'vendor.zigbee-2',
  ])
  await Promise.all([again.follow(list(reader('reader-7'))), again.follow(list())])
  expect([again.devices, users()]).toEqual([[], []])
  expect([secret, again.files.password('vendor', 'reader-7')].filter(existsSync)).toEqual([])
})
