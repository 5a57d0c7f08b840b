import { millis, seconds, VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { Refusal } from '../refusal.ts'
import { Keeper } from './keeper.ts'
import { EndedEarly } from './node-process.ts'
import type { Ending, Running, Unit } from './running.ts'

const crash: Ending = { code: null, signal: 'SIGKILL', tail: '' }
const clean: Ending = { code: 0, signal: null, tail: '' }

/** A unit whose lives the test begins and ends by hand. */
class Puppet implements Unit<number> {
  readonly name = 'puppet'
  readonly stopWithin = seconds(5)
  readonly asked: string[] = []
  readonly #births: ((life: Life) => void)[] = []
  #lives: Life[] = []
  launch(): Promise<Running<number>> {
    const life = new Life(this.asked)
    const waiting = this.#births.shift()
    if (waiting) waiting(life)
    else this.#lives.push(life)
    return Promise.resolve(life)
  }
  /** The next life, as soon as it is launched. */
  born(): Promise<Life> {
    const life = this.#lives.shift()
    return life ? Promise.resolve(life) : new Promise((resolve) => this.#births.push(resolve))
  }
}

class Life implements Running<number> {
  readonly pid = 7
  readonly #ready = Promise.withResolvers<number>()
  readonly #ended = Promise.withResolvers<Ending>()
  readonly #asked: string[]
  readonly ready = this.#ready.promise
  readonly ended = this.#ended.promise
  constructor(asked: string[]) {
    this.#asked = asked
    this.ready.catch(() => undefined)
  }
  becomeReady(says: number) {
    this.#ready.resolve(says)
  }
  end(ending: Ending) {
    this.#ready.reject(new EndedEarly(ending))
    this.#ended.resolve(ending)
  }
  stop() {
    this.#asked.push('stop')
  }
  kill() {
    this.#asked.push('kill')
    this.end(crash)
  }
}

function kept() {
  const clock = new VirtualClock()
  const unit = new Puppet()
  const seen: number[] = []
  const ended = Promise.withResolvers<number>()
  const keeper = new Keeper(unit, clock, {
    up: () => undefined,
    ended: (_name, _ending, restartInMs) => {
      seen.push(restartInMs)
      ended.resolve(restartInMs)
    },
  })
  return { clock, unit, keeper, seen, ended: ended.promise }
}

test('D9: a process that dies is started again after its backoff, and ready() waits for it', async () => {
  const { clock, unit, keeper, ended } = kept()
  const first = keeper.start()
  const life = await unit.born()
  life.becomeReady(1)
  expect(await first).toBe(1)
  life.end(crash)
  const wait = await ended
  const again = keeper.ready()
  clock.advance(wait)
  const second = await unit.born()
  second.becomeReady(2)
  expect(await again).toBe(2)
  expect(keeper.starts).toBe(2)
})

test('a process that dies three times before it was ever ready makes the start fail with its last words', async () => {
  const { clock, unit, keeper } = kept()
  const start = keeper.start()
  const failed = expect(start).rejects.toThrow(
    /could not be started \(exit code 1\)\nno such table/,
  )
  for (let i = 0; i < 3; i++) {
    const life = await unit.born()
    life.end({ code: 1, signal: null, tail: 'no such table' })
    await new Promise(setImmediate)
    clock.advance(10_000)
  }
  await failed
})

test('a wrong configuration is not tried again', async () => {
  const { unit, keeper } = kept()
  const start = keeper.start()
  const life = await unit.born()
  life.end({ code: 78, signal: null, tail: 'MQTT_URL is missing' })
  await expect(start).rejects.toThrow(Refusal)
  expect(keeper.starts).toBe(1)
})

test('stop asks first, and kills when the time for a clean end is over', async () => {
  const { clock, unit, keeper } = kept()
  const start = keeper.start()
  const life = await unit.born()
  life.becomeReady(1)
  await start
  const stopped = keeper.stop()
  clock.advance(millis(4_999))
  expect(unit.asked).toEqual(['stop'])
  clock.advance(1)
  await stopped
  expect(unit.asked).toEqual(['stop', 'kill'])
})

test('a clean stop starts nothing again', async () => {
  const { clock, unit, keeper, seen } = kept()
  const start = keeper.start()
  const life = await unit.born()
  life.becomeReady(1)
  await start
  const stopped = keeper.stop()
  life.end(clean)
  await stopped
  clock.advance(60_000)
  expect([keeper.starts, seen]).toEqual([1, []])
})

test('what is held down is not started again before it is let go, and never after a stop', async () => {
  const { clock, unit, keeper, ended } = kept()
  const first = keeper.start()
  const life = await unit.born()
  life.becomeReady(1)
  await first
  const held = await keeper.hold()
  const again = keeper.ready()
  clock.advance(await ended)
  clock.advance(60_000)
  await new Promise(setImmediate)
  expect([unit.asked, keeper.starts, keeper.pid]).toEqual([['kill'], 1, undefined])
  held[Symbol.dispose]()
  const second = await unit.born()
  second.becomeReady(2)
  expect(await again).toBe(2)

  await keeper.hold()
  await keeper.stop()
  expect(keeper.starts).toBe(2)
})
