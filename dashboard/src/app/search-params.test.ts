import { expect, test } from 'vitest'
import { isOwnPath, signInSearch, stackSearch } from './search-params.ts'

test('a place that is none is dropped, not guessed', () => {
  expect(stackSearch({ at: '12A-3-4-2' })).toEqual({ at: '12A-3-4-2' })
  expect(stackSearch({ at: '<script>', box: 'nope' })).toEqual({})
})

test('after signing in nobody is led to another site', () => {
  expect(signInSearch({ from: '/stacks/R1?at=12A' })).toEqual({ from: '/stacks/R1?at=12A' })
  for (const from of [
    '//evil.example',
    '/\\evil.example',
    'https://evil.example',
    '/sign-in?from=/x',
  ])
    expect(isOwnPath(from)).toBe(false)
})
