import { expect, test } from 'vitest'
import { checkDevice } from './conformance/check.ts'
import { devicesOfDriver, driverNames } from './devices.ts'
import { killAgainAndAgain } from './kills.ts'

/** What a few seconds suffice for; `npm run driver:check` does the rest. */
const slice = ['link loss', 'split frames', 'bad checksum', 'duplicates', 'clean stop']

test.each(driverNames())('G5 the driver %s bears what its wire can do to it', async (driver) => {
  const [device = ''] = devicesOfDriver(driver)
  expect(device, 'a driver without a simulated device').not.toBe('')
  const results = await checkDevice(device, { seed: '1', timed: false, brief: true, only: slice })
  expect(results.map((r) => r.name)).toEqual(slice)
  expect(results.flatMap((r) => r.wrong.map((w) => `${r.name}: ${w}`))).toEqual([])
})

test.each(driverNames())('G5 G9 the peer of %s is killed twice', async (driver) => {
  const [device = ''] = devicesOfDriver(driver)
  const results = await killAgainAndAgain(device, { rounds: 2, seed: '1', timed: false })
  expect(results).toHaveLength(2)
  expect(results.flatMap((r) => r.wrong)).toEqual([])
})
