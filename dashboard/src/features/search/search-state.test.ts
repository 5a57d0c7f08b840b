import { checkCharacter, type Hit } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { exactOf, goalOf, isSearchable, moveChoice } from './search-state.ts'

const box = `LT0004571${checkCharacter('LT0004571')}`
const hit = (h: Partial<Hit>): Hit => ({
  kind: 'box',
  key: box,
  label: box,
  detail: null,
  box: null,
  place: null,
  ...h,
})

describe('the one search field', () => {
  it('resolves a code exactly, by its form', () => {
    expect(exactOf(box.toLowerCase())).toEqual({ kind: 'box', code: box })
    expect(exactOf('12a-3-4-2')).toEqual({ kind: 'place', at: '12A-3-4-2' })
    expect(exactOf('12A')).toEqual({ kind: 'place', at: '12A' })
    expect(exactOf('公积金')).toBeNull()
    expect(exactOf('370')).toBeNull()
  })
  it('refuses a misread code instead of searching for something like it', () => {
    const wrong = box.slice(0, -1) + (box.endsWith('0') ? '1' : '0')
    expect(exactOf(wrong)).toEqual({ kind: 'misread', text: wrong })
  })
  it('leads from a hit to its place', () => {
    expect(goalOf(hit({ kind: 'file', key: 'f', box }))).toEqual({ to: 'stack', box })
    expect(goalOf(hit({ kind: 'file', key: 'f' }))).toBeNull()
    expect(goalOf(hit({ kind: 'subject', key: 's' }))).toEqual({ to: 'stack', household: 's' })
    expect(goalOf(hit({ kind: 'place', key: '12A', place: '12A-1-2' }))).toEqual({
      to: 'stack',
      at: '12A-1-2',
    })
  })
  it('chooses nothing until a person moves, and goes round', () => {
    expect(moveChoice(-1, 'ArrowDown', 3)).toBe(0)
    expect(moveChoice(2, 'ArrowDown', 3)).toBe(0)
    expect(moveChoice(-1, 'ArrowUp', 3)).toBe(2)
    expect(moveChoice(0, 'x', 3)).toBeNull()
    expect(moveChoice(-1, 'ArrowDown', 0)).toBeNull()
  })
  it('waits for a second character', () => {
    expect(isSearchable('张')).toBe(false)
    expect(isSearchable('张 ')).toBe(false)
    expect(isSearchable('张伟')).toBe(true)
  })
})
