import { readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Check } from 'typebox/value'
import { expect, test } from 'vitest'
import { tempDir } from '../testing.ts'
import { readAccounts } from './vendor-accounts.ts'
import { driverSecret, prepareVendorPlace, VendorDevices, vendorDevicesOf } from './vendor-place.ts'

test('names stand with commas between; none takes all away; nothing changes nothing', () => {
  expect(vendorDevicesOf('')).toBeUndefined()
  expect(vendorDevicesOf('none')).toEqual([])
  expect(vendorDevicesOf('reader-7, zigbee-1,reader-7')).toEqual(['reader-7', 'zigbee-1'])
})

test.each([
  ['', true],
  ['none', true],
  ['reader-7', true],
  ['reader-7, zigbee-1,a', true],
  ['Reader', false],
  ['a/b', false],
  ['a,,b', false],
  ['../x', false],
  ['#', false],
  ['-a', false],
])('%j is a list of devices: %s', (text, good) => {
  expect(Check(VendorDevices, text)).toBe(good)
})

test('what was asked for stays over starts until it is taken away, and the gateway has what its drivers need', async () => {
  using dir = tempDir()
  const ca = join(dir.path, 'ca.pem')
  writeFileSync(ca, 'authority')
  const gatewayDir = join(dir.path, 'gateway')
  const accounts = join(dir.path, 'vendor')
  const prepare = (devices?: readonly string[]) =>
    prepareVendorPlace(accounts, devices, { ca, gatewayDir })
  expect(await prepare()).toBeNull()
  const first = await prepare(['reader-7', 'zigbee-1'])
  expect(first?.devices).toEqual(['reader-7', 'zigbee-1'])
  const secret = join(gatewayDir, 'mqtt', 'secrets', driverSecret('reader-7'))
  expect(statSync(secret).mode & 0o777).toBe(0o600)
  const password = readFileSync(secret, 'utf8')
  expect(password).toBe(readFileSync(first?.files.password('driver', 'reader-7') ?? '', 'utf8'))
  expect((await prepare())?.devices).toEqual(['reader-7', 'zigbee-1'])
  expect(readFileSync(secret, 'utf8')).toBe(password)
  expect((await prepare(['zigbee-1']))?.devices).toEqual(['zigbee-1'])
  expect(await prepare([])).toBeNull()
  expect(readAccounts(join(accounts, 'accounts.json'))).toEqual([])
  expect(await prepare()).toBeNull()
})
