import { describe, expect, test } from 'vitest'
import { checkOn, learn } from './conformance/check.ts'
import { devicesOfDriver, driverNames } from './devices.ts'
import { killsOn } from './kills.ts'
import { Rig, standaloneNamed } from './rig.ts'

const seed = '1'
/** What a few seconds suffice for; `npm run driver:check` does the rest. */
const slice = ['link loss', 'split frames', 'bad checksum', 'duplicates']

const isSerial = (device: string) => standaloneNamed(device).wire === 'pty'
/** One device a driver, on a network where there is one: serial lines have to be tried one after the other. */
const devices = driverNames().map((driver) => {
  const all = devicesOfDriver(driver)
  return all.find((d) => !isSerial(d)) ?? all[0] ?? `no device for ${driver}`
})
/** An OPC UA server takes the longest to come up; whoever waits the longest begins. */
const slowFirst = (a: string, b: string) => Number(startsSlowly(b)) - Number(startsSlowly(a))
const startsSlowly = (device: string) => standaloneNamed(device).secured === true

async function bears(device: string) {
  await using rig = await Rig.open(device, { seed, recording: true })
  await rig.well()
  const options = { seed, timed: false, brief: true }
  const told = await learn(rig)
  const results = await checkOn(rig, told, { ...options, only: slice })
  expect(results.map((r) => r.name)).toEqual(slice)
  const kills = await killsOn(rig, { seed, timed: false, rounds: 2 })
  expect(kills).toHaveLength(2)
  const last = await checkOn(rig, told, { ...options, only: ['clean stop'] })
  expect(last).toHaveLength(1)
  const all = [...results, ...kills.map((k) => ({ ...k, name: `kill ${k.round}` })), ...last]
  expect(all.flatMap((r) => r.wrong.map((w) => `${r.name}: ${w}`))).toEqual([])
}

// Alone: a process that is forked meanwhile inherits the pty, which would then not be seen to be pulled.
test.each(devices.filter(isSerial))('G5 G9 the serial driver of %s bears its wire', bears)

// They mostly wait; Vitest runs five of them side by side.
describe.concurrent('G5 G9 a driver bears what its wire can do to it, and two kills of its peer', () => {
  const others = devices.filter((d) => !isSerial(d))
  test.each(others.toSorted(slowFirst))('%s', bears)
})
