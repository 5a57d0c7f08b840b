import { VirtualClock } from '@lantai/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { RoundEnded } from '../driver.ts'
import { RoundWatch } from './round-watch.ts'

function watching(antennaLost = () => false) {
  const clock = new VirtualClock()
  const told: RoundEnded[] = []
  const tell = (round: RoundEnded) => void told.push(round)
  const watch = new RoundWatch({ clock, longestMs: 5000, antennaLost, tell })
  const now = () => ({ utcUs: BigInt(Math.round(clock.now() * 1000)) })
  watch.connected(now())
  return { clock, told, watch, now }
}

const ofReader = ['start', 'ai-end', 'ro-end', 'preempted', 'report', 'overflow'] as const
const steps = fc.array(fc.constantFrom(...ofReader, 'wait', 'settle', 'lost'), { maxLength: 60 })

test('whatever a reader says in whatever order: only what was heard from its start to its end, undisturbed, is complete', () => {
  fc.assert(
    fc.property(steps, (said) => {
      const { clock, told, watch, now } = watching()
      // What an observer knows who is as slow as can be: of each start, whether it went well up to its end.
      const starts: { good: boolean; ended: boolean; atMs: number; endMs: number | null }[] = []
      let reports = 0
      const open = () => {
        const last = starts.at(-1)
        return last && told.length < starts.length ? last : undefined
      }
      for (const step of said) {
        const o = open()
        if (step === 'start') {
          watch.started(now())
          starts.push({ good: true, ended: false, atMs: clock.now(), endMs: null })
        } else if (step === 'ai-end') {
          watch.aiSpecEnded(now())
          if (o) {
            o.ended = true
            o.endMs ??= clock.now()
          }
        } else if (step === 'ro-end') watch.roSpecEnded(now(), 'itself')
        else if (step === 'preempted') {
          watch.roSpecEnded(now(), 'another')
          if (o) o.good = false
        } else if (step === 'report') watch.heard([`E${++reports}`])
        else if (step === 'overflow') {
          watch.trouble('overflow')
          if (o) o.good = false
        } else if (step === 'wait') clock.advance(200)
        else if (step === 'settle') clock.advance(3000)
        else {
          watch.lost()
          if (o) o.good = false
        }
      }
      watch.lost()
      clock.advance(60_000)
      const last = starts.at(-1)
      // Each start is told once, in order; the last may have been cut by the end of this test.
      expect(told.map((t) => t.fromMs)).toEqual(starts.map((s) => s.atMs))
      told.forEach((t, i) => {
        const s = starts[i]
        const may = s?.good && s.ended && (s.endMs ?? 0) - s.atMs < 5000
        if (t.troubles.length === 0) expect(may).toBe(true)
        else if (s !== last) expect(may).toBe(false)
      })
      const epcs = told.flatMap((t) => t.epcs)
      expect(new Set(epcs).size).toBe(epcs.length)
    }),
    { numRuns: 2000 },
  )
})

test('an end without a start says nothing: it may be of a round that began before anybody listened', () => {
  const { clock, told, watch, now } = watching()
  watch.heard(['E1'])
  watch.aiSpecEnded(now())
  watch.roSpecEnded(now(), 'itself')
  clock.advance(10_000)
  expect(told).toEqual([])
})

test('a reader without a wall clock: what it held from before the connection is told by its uptime', () => {
  const clock = new VirtualClock()
  const told: RoundEnded[] = []
  const watch = new RoundWatch({
    ...{ clock, longestMs: 5000, antennaLost: () => false },
    tell: (round) => told.push(round),
  })
  watch.connected({ uptimeUs: 900n })
  watch.started({ uptimeUs: 400n })
  watch.aiSpecEnded({ uptimeUs: 800n })
  clock.advance(1000)
  expect(told).toEqual([])
  watch.started({ uptimeUs: 1000n })
  watch.heard(['E1', 'E2', 'E1'])
  watch.aiSpecEnded({ uptimeUs: 6_000_999n })
  clock.advance(500)
  expect(told).toMatchObject([{ epcs: ['E1', 'E2'], troubles: ['cut-off'] }])
})

test('an antenna that is not connected when a round is told makes it incomplete, however long it has been so', () => {
  let lost = true
  const { clock, told, watch, now } = watching(() => lost)
  for (const is of [true, false]) {
    lost = is
    watch.started(now())
    watch.aiSpecEnded(now())
    clock.advance(500)
  }
  expect(told.map((t) => t.troubles)).toEqual([['antenna'], []])
})
