import { VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { Canary } from './canary.ts'

function rig() {
  const clock = new VirtualClock()
  return { clock, canary: new Canary(clock) }
}

test('D19 a broker is well only while our own word comes back; a connection alone proves nothing', () => {
  const { clock, canary } = rig()
  expect(canary.carries).toBe(false)
  const { song } = canary.look(true)
  expect(canary.carries).toBe(false)
  canary.hear('the song of another server')
  expect(canary.carries).toBe(false)
  canary.hear(song ?? '')
  expect(canary.carries).toBe(true)
  clock.advance(14_999)
  expect(canary.carries).toBe(true)
  clock.advance(1)
  expect(canary.carries).toBe(false)
})

test('D19 a broker that takes everything and delivers nothing is left after fifteen seconds, again and again', () => {
  const { clock, canary } = rig()
  canary.hear(canary.look(true).song ?? '')
  const left: number[] = []
  for (let s = 0; s < 60; s += 5) {
    clock.advance(5000)
    if (canary.look(true).silent) left.push(s + 5)
  }
  expect(left).toEqual([15, 30, 45, 60])
})

test('D19 time without a connection is not the silence of a broker', () => {
  const { clock, canary } = rig()
  for (let s = 0; s < 60; s += 5) {
    clock.advance(5000)
    expect(canary.look(false)).toEqual({ song: null, silent: false })
  }
  expect(canary.look(true).silent).toBe(false)
})
