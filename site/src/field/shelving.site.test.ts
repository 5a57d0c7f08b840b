import type { ShelvingRequest } from '@lantai/gateway'
import { expect, test } from 'vitest'
import { until } from '../testing.ts'
import { Rig, standaloneNamed } from './rig.ts'
import type { Fits } from './tape.ts'

/** The steel moves faster here than any does, so that a test does not wait for it. */
const quick = { type: 'bank', event: { event: 'speed', factor: 8 } } as const

type Seen = { motion?: string; openAisle?: number | null; link?: string }
const isBank =
  (seen: Seen): Fits =>
  (e) =>
    e.kind === 'bank' &&
    (seen.motion === undefined || e.observed.motion === seen.motion) &&
    (seen.openAisle === undefined || e.observed.openAisle === seen.openAisle) &&
    (seen.link === undefined || e.inputs.link === seen.link)
const open = (aisle: number): ShelvingRequest => ({ verb: 'open', aisle })
const detail = (rig: Rig, name: string) => rig.device.state?.detail[name]

async function bank(name: string) {
  const rig = await Rig.open(name)
  await rig.device.send(quick)
  await rig.tape.next(0, isBank({ link: 'clear' }))
  return rig
}
/** Waits until the steel itself says so. */
async function steel(rig: Rig, aisle: number | null) {
  await until(() => detail(rig, 'openAisle') === aisle && !detail(rig, 'moving'))
}
/** Waits until the steel has left where it stood. */
async function moves(rig: Rig) {
  const way = () => (detail(rig, 'x') as number[] | undefined)?.[1] ?? Number.POSITIVE_INFINITY
  await until(() => way() <= 1700)
}

test.each(['shelving-modbus', 'shelving-mjj', 'shelving-stow'])(
  '%s: S6 the aisle that was asked for is seen to move and to stand open',
  async (name) => {
    await using rig = await bank(name)
    await rig.tape.next(0, isBank({ motion: 'still' }))
    for (const aisle of [3, 5, 2]) {
      const mark = rig.tape.mark()
      expect(await rig.request(open(aisle), 1000)).toBe('sent')
      await rig.tape.next(mark, isBank({ motion: 'moving' }))
      await rig.tape.next(mark, isBank({ motion: 'still', openAisle: aisle }))
      expect(detail(rig, 'openAisle')).toBe(aisle)
    }
  },
)

test('shelving-ims: S6 the steel moves and nothing of it is seen', async () => {
  await using rig = await bank('shelving-ims')
  for (const aisle of [3, 5]) {
    expect(await rig.request(open(aisle), 1000)).toBe('sent')
    await steel(rig, aisle)
  }
  expect(detail(rig, 'heard')).toEqual(['START*02*RIGHTOPEN*03*END', 'START*02*RIGHTOPEN*05*END'])
  const told = rig.tape.all.filter(({ event }) => event.kind === 'bank')
  expect(told.every(({ event }) => isBank({ motion: 'unknown', openAisle: null })(event))).toBe(
    true,
  )
})

test('shelving-ims: S7 a stop halts the steel', async () => {
  await using rig = await Rig.open('shelving-ims')
  await rig.tape.next(0, isBank({ link: 'clear' }))
  await rig.request(open(3), 1000)
  await moves(rig)
  expect(await rig.request({ verb: 'stop', aisle: null })).toBe('sent')
  await steel(rig, null)
})

test.each([
  ['shelving-mjj', 'lower', 'higher'],
  ['shelving-mjj', 'higher', 'lower'],
  ['shelving-ims', 'lower', 'higher'],
] as const)(
  '%s: S11 a side that is set wrong opens the aisle across the column',
  async (name, left, set) => {
    const device = standaloneNamed(name)
    const spec = (o: Parameters<typeof device.spec>[0]) =>
      ({ ...device.spec(o), leftIs: left }) as never
    await using rig = await Rig.open({ ...device, spec }, { edit: (e) => ({ ...e, leftIs: set }) })
    await rig.device.send(quick)
    await rig.tape.next(0, isBank({ link: 'clear' }))
    expect(await rig.request(open(3), 1000)).toBe('sent')
    await steel(rig, 2)
  },
)

test.each(['duplicate', 'reorder', 'merge', 'half', 'drop', 'late'] as const)(
  'shelving-mjj: S6 datagrams that are %s move the steel once, and what is told of it is so',
  async (how) => {
    await using rig = await bank('shelving-mjj')
    await rig.tape.next(0, isBank({ motion: 'still' }))
    const mark = rig.tape.mark()
    const fault = { kind: 'datagrams', how, times: 8 } as const
    await rig.device.send({ type: 'fault', fault })
    await rig.request(open(3), 3000)
    await rig.tape.next(mark, isBank({ motion: 'still', openAisle: 3 }))
    expect(detail(rig, 'openAisle')).toBe(3)
    expect(detail(rig, 'orders')).toEqual(['open 3'])
    expect(rig.driverDeaths).toBe(0)
  },
)

test.each(['shelving-modbus', 'shelving-mjj', 'shelving-ims', 'shelving-stow'])(
  '%s: S3 a controller that starts again in motion stands, and nothing is sent again',
  async (name) => {
    await using rig = await Rig.open(name)
    await rig.tape.next(0, isBank({ link: 'clear' }))
    const request = rig.request(open(4), 1000)
    await moves(rig)
    await rig.device.send({ type: 'fault', fault: { kind: 'reboot' } })
    await request
    const mark = rig.tape.mark()
    await rig.tape.next(mark, isBank({ link: 'clear' }))
    await steel(rig, null)
    await rig.tape.next(rig.tape.mark(), isBank({ link: 'clear' }))
    expect(detail(rig, 'moving')).toBe(false)
    // Counted since the restart: nothing was asked of it.
    expect(detail(rig, 'verbsAccepted')).toBe(0)
  },
)

test.each(['shelving-mjj', 'shelving-stow'])(
  '%s: S1 power that fails in motion: unknown meanwhile, then where the steel stands',
  async (name) => {
    await using rig = await Rig.open(name)
    await rig.tape.next(0, isBank({ link: 'clear' }))
    const request = rig.request(open(4), 1000)
    await moves(rig)
    await request
    const mark = rig.tape.mark()
    await rig.powerCut(2500)
    await rig.tape.next(mark, isBank({ motion: 'unknown', link: 'active' }))
    await rig.powered()
    await rig.tape.next(rig.tape.mark(), isBank({ motion: 'still', openAisle: null }))
  },
)

test('shelving-modbus: S6 a column that is locked is reported so, and holds the bank', async () => {
  await using rig = await bank('shelving-modbus')
  const locked =
    (on: boolean): Fits =>
    (e) =>
      e.kind === 'bank' && e.observed.columns.find((c) => c.column === 3)?.locked === on
  expect(await rig.request({ verb: 'lock', aisle: null, column: 3 }, 1000)).toBe('sent')
  await rig.tape.next(0, locked(true))
  expect(await rig.request(open(5), 1000)).toBe('rejected')
  const mark = rig.tape.mark()
  expect(await rig.request({ verb: 'unlock', aisle: null, column: 3 }, 1000)).toBe('sent')
  await rig.tape.next(mark, locked(false))
  expect(await rig.request(open(5), 1000)).toBe('sent')
  await steel(rig, 5)
})
