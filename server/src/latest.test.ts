import { expect, test } from 'vitest'
import { latest } from './latest.ts'

test('D17: what is told last was read last; who asks while it runs shares one more run', async () => {
  const told: number[] = []
  const slow: (() => void)[] = []
  let state = 0
  const ask = latest(async () => {
    const read = state
    await new Promise<void>((resolve) => slow.push(resolve))
    told.push(read)
  })
  const first = ask()
  await Promise.resolve()
  await Promise.resolve()
  expect(slow).toHaveLength(1)
  state = 1
  const second = ask()
  state = 2
  expect(ask()).toBe(second)
  slow.shift()?.()
  await first
  expect(told).toEqual([0])
  while (slow.length === 0) await Promise.resolve()
  slow.shift()?.()
  await second
  expect(told).toEqual([0, 2])
})

test('one more run is for all that was named meanwhile, and what it takes up is not named again', async () => {
  const runs: string[][] = []
  const ask = latest<string>(async (asked) => void runs.push([...asked]))
  await Promise.all([ask('a'), ask('b', 'c'), ask('b')])
  await ask('d')
  expect(runs).toEqual([['a', 'b', 'c'], ['d']])
})

test('a run that fails fails for who asked for it, and ends nothing', async () => {
  let runs = 0
  const ask = latest(async () => {
    runs += 1
    if (runs === 1) throw new Error('away')
  })
  const first = ask()
  await expect(first).rejects.toThrow('away')
  await ask()
  expect(runs).toBe(2)
})
