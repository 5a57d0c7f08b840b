import { expect, test } from 'vitest'
import { isDoubtful, pairsOf, type Stamp } from './rules.ts'

const minute = 60_000_000
const stamp = (clock: Stamp['clock'], mono: number, boot = 'a'): Stamp => ({
  ...{ boot, mono, clock, at: new Date(mono / 1000) },
})

test('G7: what a clock tells that is unsynced or suspect is in doubt; in holdover it is not', () => {
  const of = (['synced', 'holdover', 'unsynced', 'suspect'] as const).map((clock) =>
    isDoubtful({ clock }),
  )
  expect(of).toEqual([false, false, true, true])
})

test('G7: a pair is of a clock that is synced or in holdover, one in ten minutes of each boot, and never of readings', () => {
  const stamps = [
    stamp('unsynced', 1),
    stamp('holdover', 2),
    stamp('synced', 3),
    stamp('synced', 4),
    stamp('synced', 5, 'b'),
    stamp('suspect', 10 * minute),
    stamp('synced', 10 * minute + 7),
  ]
  const pairs = pairsOf('alarm', stamps)
  expect(pairs.map((p) => [p.boot, p.clock, p.mono, p.wall.getTime()])).toEqual([
    ['a', 'holdover', 2, 0],
    ['a', 'synced', 3, 0],
    ['b', 'synced', 5, 0],
    ['a', 'synced', 10 * minute + 7, 600_000],
  ])
  expect(pairsOf('telemetry', stamps)).toEqual([])
})
