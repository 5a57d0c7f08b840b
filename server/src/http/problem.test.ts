import { Problem, problemCodes } from '@lantai/contracts'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { DomainError } from './domain-error.ts'
import { problemOf, toProblem } from './problem.ts'

test('every code has a status and is a problem that fits the contract', () => {
  for (const code of problemCodes) expect(Value.Check(Problem, problemOf(code)), code).toBe(true)
})

test('what nobody expected is `internal`, without a word of what it was', () => {
  const secret = Object.assign(new Error('select * from account where password_hash'), {
    code: '42601',
    detail: 'hunter2',
  })
  for (const thrown of [
    secret,
    'hunter2',
    null,
    undefined,
    { message: 'hunter2' },
    new TypeError('x is not a function'),
  ]) {
    expect(toProblem(thrown)).toEqual(problemOf('internal'))
  }
  const wrapped = new DomainError('unavailable', undefined, { cause: secret })
  expect(JSON.stringify(toProblem(wrapped))).not.toContain('hunter2')
})

test('a database that is away is `unavailable`, in whatever words its driver says it', () => {
  const coded = (code: string) => Object.assign(new Error('x'), { code })
  for (const error of [
    coded('ECONNREFUSED'),
    coded('57P01'),
    coded('53300'),
    new Error('Connection terminated unexpectedly'),
    new Error('timeout exceeded when trying to connect'),
  ])
    expect(toProblem(error).code, error.message).toBe('unavailable')
})
