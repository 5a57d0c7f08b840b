import { type Round, VirtualClock } from '@lantai/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { RoundFold } from './round-fold.ts'

function folding(tight = () => false) {
  const clock = new VirtualClock()
  const said: { at: number; round: Round }[] = []
  const say = (round: Round) => void said.push({ at: clock.mono(), round })
  return { clock, said, fold: new RoundFold('desk-1', clock, say, tight) }
}
const round = (clock: VirtualClock, epcs: string[], troubles: 'overflow'[] = []) => ({
  ...{ antennas: [2, 1], fromMs: clock.now() - 300, toMs: clock.now(), epcs, troubles },
})

test('the first round is told at once, what ends within the second after it together when it is over', () => {
  const { clock, said, fold } = folding()
  fold.take(round(clock, ['A', 'B']))
  const [from, to] = [clock.now() - 300, clock.now()].map((ms) => new Date(ms).toISOString())
  const alone = { reader: 'desk-1', antennas: [1, 2], from, to, rounds: 1, tags: 2, troubles: [] }
  expect(said).toEqual([{ at: clock.mono(), round: alone }])
  clock.advance(400)
  fold.take(round(clock, ['A', 'C']))
  clock.advance(400)
  fold.take(round(clock, ['C', 'D'], ['overflow']))
  expect(said).toHaveLength(1)
  clock.advance(200)
  expect(said[1]?.round).toMatchObject({ rounds: 2, tags: 3, troubles: ['overflow'] })
})

test('a reader with a round a second is told of a round a second, however it wavers', () => {
  const { clock, said, fold } = folding()
  for (let n = 0; n < 100; n++) {
    fold.take(round(clock, ['A']))
    clock.advance(n % 2 ? 1040 : 960)
  }
  fold.flush()
  expect(said.every((s) => s.round.rounds === 1)).toBe(true)
  expect(said).toHaveLength(100)
})

test('in any rhythm: no two facts within a second, every round in one of them, none complete that was not', () => {
  const rhythm = fc.array(fc.record({ wait: fc.integer({ min: 0, max: 2500 }), bad: fc.boolean() }))
  fc.assert(
    fc.property(rhythm, (heard) => {
      const { clock, said, fold } = folding()
      heard.forEach(({ wait, bad }, n) => {
        clock.advance(wait)
        fold.take(round(clock, [`E${n}`], bad ? ['overflow'] : []))
      })
      clock.advance(1000)
      const sum = (of: (r: Round) => number) => said.reduce((n, s) => n + of(s.round), 0)
      expect(sum((r) => r.rounds)).toBe(heard.length)
      expect(sum((r) => r.tags)).toBe(heard.length)
      for (let i = 1; i < said.length; i++)
        expect((said[i]?.at ?? 0) - (said[i - 1]?.at ?? 0)).toBeGreaterThanOrEqual(1000)
      const bad = heard.filter((h) => h.bad).length
      const inBad = said.filter((s) => s.round.troubles.length > 0)
      expect(inBad.reduce((n, s) => n + s.round.rounds, 0)).toBeGreaterThanOrEqual(bad)
    }),
  )
})

test('while space is short one fact a minute tells of all of them', () => {
  let tight = true
  const { clock, said, fold } = folding(() => tight)
  for (let n = 0; n < 60; n++) {
    fold.take(round(clock, [`E${n}`]))
    clock.advance(1000)
  }
  expect(said.map((s) => s.round.rounds)).toEqual([1, 59])
  tight = false
})
