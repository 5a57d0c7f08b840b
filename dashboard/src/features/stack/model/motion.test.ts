import { describe, expect, it } from 'vitest'
import { glideAt, glideTo, reportedPositions, samePositions } from './motion.ts'

const map = (o: Record<number, number>) =>
  new Map(Object.entries(o).map(([k, v]) => [Number(k), v]))

describe('column motion follows reports', () => {
  it('leaves out what the controller does not know', () => {
    const at = reportedPositions({
      bank: 'B1',
      mode: 'auto',
      motion: 'still',
      openAisle: null,
      ventilating: false,
      faults: [],
      revision: 1,
      columns: [
        { column: 1, xMm: 0, locked: false },
        { column: 2, xMm: null, locked: null },
      ],
    })
    expect([...at]).toEqual([[1, 0]])
    expect(reportedPositions(null).size).toBe(0)
  })

  it('never passes the reported place and ends on it', () => {
    const g = glideTo(map({ 1: 0, 2: 600 }), map({ 1: 0, 2: 800 }), 1000, 200, false)
    expect(glideAt(g, 1100).at.get(2)).toBe(700)
    expect(glideAt(g, 1100).done).toBe(false)
    expect(glideAt(g, 5000)).toEqual({ at: g.to, done: true })
    expect(glideAt(g, 900).at.get(2)).toBe(600)
  })

  it('takes at most 600 ms, and none under reduced motion', () => {
    expect(glideTo(map({}), map({ 1: 5 }), 0, 9000, false).lengthMs).toBe(600)
    const still = glideTo(map({ 1: 0 }), map({ 1: 5 }), 0, 9000, true)
    expect(glideAt(still, 0)).toEqual({ at: still.to, done: true })
  })

  it('draws a column that was not known before where it is, without a flight', () => {
    const g = glideTo(map({}), map({ 7: 4200 }), 0, 400, false)
    expect(glideAt(g, 1).at.get(7)).toBe(4200)
  })

  it('compares positions by value', () => {
    expect(samePositions(map({ 1: 2 }), map({ 1: 2 }))).toBe(true)
    expect(samePositions(map({ 1: 2 }), map({ 1: 3 }))).toBe(false)
    expect(samePositions(map({ 1: 2 }), map({ 1: 2, 2: 3 }))).toBe(false)
  })
})
