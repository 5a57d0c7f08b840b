import type { TSchema } from 'typebox'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { diffVersions, getVersion, putDevice } from './devices.ts'
import { unlock } from './people.ts'

const fits = (schema: TSchema | undefined, value: unknown) => Value.Check(schema ?? {}, value)

test('a version that the store cannot keep is refused at the edge', () => {
  const version = (n: number) => fits(getVersion.params, { gateway: 'gw-01', version: n })
  expect([0, 2_147_483_647].map(version)).toEqual([true, true])
  expect([2_147_483_648, -1, 1.5].map(version)).toEqual([false, false, false])
  expect(fits(diffVersions.query, { from: 0, to: 2_147_483_648 })).toBe(false)
})

test('a reason of spaces is none', () => {
  const entry = { id: 'a', label: 'a', driver: 'llrp' }
  const given = (reason: string) => [
    fits(putDevice.body, { base: 0, entry, reason }),
    fits(unlock.body, { reason }),
  ]
  expect(given('   ')).toEqual([false, false])
  expect(given('换新')).toEqual([true, true])
})
