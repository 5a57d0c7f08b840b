import { expect, test } from 'vitest'
import { holdOrder } from './steady.ts'

const row = (id: string, n = 0) => ({ id, n })
const id = (r: { id: string }) => r.id

test('rows keep their places, newcomers wait and are counted', () => {
  const held = holdOrder(['a', 'b'], [row('new'), row('b', 1), row('a', 1)], id)
  expect(held).toEqual({ rows: [row('a', 1), row('b', 1)], waiting: 1 })
})

test('a row that is over leaves at once', () => {
  expect(holdOrder(['a', 'b'], [row('b')], id)).toEqual({ rows: [row('b')], waiting: 0 })
})
