import { expect, test } from 'vitest'
import { chordOf, isPrintable } from './keys.ts'

const press = (code: string, key: string, held = '') => ({
  code,
  key,
  shiftKey: held.includes('S'),
  altKey: held.includes('A'),
  ctrlKey: held.includes('C'),
  metaKey: false,
})

test('a letter is its physical key, also while an IME hides the character', () => {
  expect(chordOf(press('KeyA', 'a'))).toBe('a')
  expect(chordOf(press('KeyA', 'Process'))).toBe('a')
  expect(chordOf(press('KeyA', 'A', 'S'))).toBe('Shift+A')
  expect(chordOf(press('KeyU', 'u', 'A'))).toBe('Alt+U')
  expect(chordOf(press('KeyZ', 'z', 'C'))).toBe('Ctrl+Z')
})

test('a sign is what was typed, by the key where it is hidden', () => {
  expect(chordOf(press('Slash', '/'))).toBe('/')
  expect(chordOf(press('Slash', '?', 'S'))).toBe('?')
  expect(chordOf(press('Slash', 'Process', 'S'))).toBe('?')
  expect(chordOf(press('Minus', '?', 'S'))).toBe('?')
  expect(chordOf(press('BracketLeft', '['))).toBe('[')
})

test('only what a scanner could type waits until a scan is ruled out', () => {
  expect(['a', '/', 'Shift+A'].every(isPrintable)).toBe(true)
  expect(['F8', 'Escape', 'Ctrl+Z', 'Alt+U', 'ArrowUp'].some(isPrintable)).toBe(false)
})
