import fc from 'fast-check'
import { expect, test } from 'vitest'
import { checkCharacter, hasValidCheck } from './check-character.ts'

const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
const codes = fc.string({ unit: fc.constantFrom(...alphabet), minLength: 1, maxLength: 12 })

test('ISO 7064 MOD 37,36: the example of the Global Release Identifier standard', () => {
  expect(checkCharacter('A12425GABC1234002')).toBe('M')
})

test('every single wrong character is found', () => {
  fc.assert(
    fc.property(codes, fc.nat(), fc.constantFrom(...alphabet), (code, where, wrong) => {
      const whole = code + checkCharacter(code)
      expect(hasValidCheck(whole)).toBe(true)
      const i = where % whole.length
      if (whole[i] !== wrong)
        expect(hasValidCheck(whole.slice(0, i) + wrong + whole.slice(i + 1))).toBe(false)
    }),
  )
})

test('lower case and other characters are no code', () => {
  expect(hasValidCheck('lt1234567')).toBe(false)
  expect(() => checkCharacter('档')).toThrow(RangeError)
})
