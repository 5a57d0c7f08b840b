import { checkCharacter } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { classifyScan } from './scan-code.ts'

const coded = (body: string) => body + checkCharacter(body)

test('a box and a card are known by their letters and their check character', () => {
  const box = coded('LT0A3F7K2')
  expect(classifyScan(` ${box.toLowerCase()} `)).toEqual({ kind: 'box', code: box })
  const card = coded('RC1234567')
  expect(classifyScan(card)).toEqual({ kind: 'card', code: card })
})

test('one wrong character is a misread, not another box', () => {
  const box = coded('LT0A3F7K2')
  const wrong = box.slice(0, 4) + (box[4] === 'X' ? 'Y' : 'X') + box.slice(5)
  expect(classifyScan(wrong).kind).toBe('misread')
})

test('a place is known as text and as the link of a column QR', () => {
  const address = { column: 12, side: 'A', section: 3, shelf: 4, slot: 2 }
  expect(classifyScan('12a-3-4-2')).toEqual({ kind: 'place', address })
  expect(classifyScan('http://archive.local:8080/stacks/R1?at=12A-3-4-2')).toEqual({
    kind: 'place',
    address,
  })
})

test('nothing is guessed', () => {
  expect(classifyScan('hello').kind).toBe('other')
  expect(classifyScan('E28011700000020A1B2C3D4E').kind).toBe('epc')
})
