import { describe, expect, it } from 'vitest'
import { Rng } from '../rng.ts'
import { type Gen2Settings, inventoryRound } from './gen2.ts'

/** Every slot lasts one tick, so that time counts slots. */
const ticks: Gen2Settings = {
  ...{ emptyUs: 1, collisionUs: 1, successUs: 1, queryUs: 0, c: 0.3, capture: 0 },
}
const tags = (n: number) => Array.from({ length: n }, (_, i) => i)

describe('a round of Gen2', () => {
  it('hears everybody once, whatever Q it begins with', () => {
    for (const q of [0, 4, 10]) {
      const { answers } = inventoryRound(tags(150), ticks, { q }, 1e9, new Rng(`once ${q}`))
      expect(answers.map((a) => a.tag).sort((a, b) => a - b)).toEqual(tags(150))
    }
  })

  it('is slotted ALOHA: near, and never well above, 36.8 % useful slots', () => {
    let [heard, slots] = [0, 0]
    const rng = new Rng('aloha')
    for (let n = 0; n < 40; n++) {
      const { answers, lastsUs } = inventoryRound(tags(200), ticks, { q: 8 }, 1e9, rng)
      heard += answers.length
      slots += lastsUs
    }
    expect(heard / slots).toBeGreaterThan(0.28)
    expect(heard / slots).toBeLessThan(0.39)
  })

  it('gains by capture, and lets the strongest win', () => {
    const many = (capture: number) => {
      const rng = new Rng('capture')
      let [lasts, first] = [0, 0]
      for (let n = 0; n < 60; n++) {
        const round = inventoryRound(tags(100), { ...ticks, capture }, { q: 5 }, 1e9, rng)
        lasts += round.lastsUs
        first += round.answers.slice(0, 10).reduce((sum, a) => sum + a.tag, 0) / 10
      }
      return { lasts, first: first / 60 }
    }
    expect(many(0.4).lasts).toBeLessThan(many(0).lasts)
    expect(many(1).first).toBeGreaterThan(many(0).first + 5)
  })

  it('ends when the reader lets go, and carries its Q on', () => {
    const floating = { q: 0 }
    const { answers, lastsUs } = inventoryRound(tags(100), ticks, floating, 40, new Rng('limit'))
    expect(lastsUs).toBe(40)
    expect(answers.length).toBeLessThan(40)
    expect(floating.q).toBeGreaterThan(2)
  })
})
