import { expect, it } from 'vitest'
import { newRequestId } from './request-id.ts'

it('D16: a request carries a version 4 UUID that the contract accepts', () => {
  expect(newRequestId((b) => b.fill(0xff))).toBe('ffffffff-ffff-4fff-bfff-ffffffffffff')
  expect(newRequestId((b) => b.fill(0))).toBe('00000000-0000-4000-8000-000000000000')
})
