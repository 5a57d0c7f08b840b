import { expect, test } from 'vitest'

interface Sound {
  hear(conditions: { key: string; priority: number }[], lost: boolean, at: number): number | null
  silence(): void
  readonly count: { loud: number; silenced: number }
}
const script = new URL('../../public/alarm-sound.js', import.meta.url).href
const { AlarmSound, repeatMs } = (await import(script)) as {
  AlarmSound: new () => Sound
  repeatMs: number
}
const fire = { key: 'fire:f1', priority: 1 }
const water = { key: 'water:w1', priority: 1 }
const humid = { key: 'humidityHigh:a1', priority: 2 }
const seen = { key: 'batteryLow:d1', priority: 3 }

test('S12: an alarm sounds at once, the first priority again and again, the second once, the third never', () => {
  const sound = new AlarmSound()
  expect(sound.hear([], false, 0)).toBeNull()
  expect(sound.hear([seen], false, 1)).toBeNull()
  expect(sound.hear([seen, humid], false, 2)).toBe(2)
  expect(sound.hear([humid], false, 2 + repeatMs)).toBeNull()
  const began = 3 + repeatMs
  expect(sound.hear([humid, fire], false, began)).toBe(1)
  expect(sound.hear([humid, fire], false, began + repeatMs - 1)).toBeNull()
  expect(sound.hear([humid, fire], false, began + repeatMs)).toBe(1)
  expect(sound.hear([], false, began + 2 * repeatMs)).toBeNull()
})

test('S12: silenced is what sounds now, until it is gone; what comes later or comes back is heard', () => {
  const sound = new AlarmSound()
  expect(sound.hear([fire], false, 0)).toBe(1)
  sound.silence()
  expect(sound.count).toEqual({ loud: 0, silenced: 1 })
  expect(sound.hear([fire], false, repeatMs)).toBeNull()
  expect(sound.hear([fire, water], false, repeatMs + 1)).toBe(1)
  expect(sound.count).toEqual({ loud: 1, silenced: 1 })
  expect(sound.hear([], false, repeatMs + 2)).toBeNull()
  expect(sound.hear([fire], false, repeatMs + 3)).toBe(1)
})

test('S12: a gateway that is not heard any more is an alarm of the first priority', () => {
  const sound = new AlarmSound()
  expect(sound.hear([], true, 0)).toBe(1)
  expect(sound.hear([], true, repeatMs)).toBe(1)
  sound.silence()
  expect(sound.hear([], true, 2 * repeatMs)).toBeNull()
  expect(sound.hear([], false, 3 * repeatMs)).toBeNull()
  expect(sound.hear([], true, 4 * repeatMs)).toBe(1)
})
