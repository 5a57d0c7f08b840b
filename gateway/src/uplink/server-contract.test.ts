import { contractVersion } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { ServerContract } from './server-contract.ts'

test('ADR 12: a fact that the server is known not to understand yet is not recorded for it, also after a restart', () => {
  const kept: Record<string, string> = {}
  const keep = (put: { key: string; value: string | null } | null) => {
    if (put) kept[put.key] = put.value ?? ''
    return put
  }
  const both = (s: ServerContract) => [
    s.understands('lantai.round.v1'),
    s.understands('lantai.gap.v1'),
  ]
  const server = new ServerContract(kept)
  // Nothing is known: durable first.
  expect(both(server)).toEqual([true, true])
  // A server of contract 3 says nothing of it.
  expect(keep(server.heard(undefined))).not.toBeNull()
  expect(keep(server.heard(undefined))).toBeNull()
  expect(both(server)).toEqual([false, true])
  expect(both(new ServerContract(kept))).toEqual([false, true])
  // Brought up to date, and back again.
  keep(server.heard(contractVersion))
  expect(both(server)).toEqual([true, true])
  expect(both(new ServerContract(kept))).toEqual([true, true])
  keep(server.heard(undefined))
  expect(both(server)).toEqual([false, true])
})
