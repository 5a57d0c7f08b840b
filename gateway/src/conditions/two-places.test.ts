import { facts, VirtualClock } from '@lantai/contracts'
import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { type Impossible, TwoPlaces } from '../presence/two-places.ts'
import { type Condition, Register } from './register.ts'
import { tellImpossible } from './two-places.ts'

function told(fact: Impossible) {
  const said: Condition[] = []
  const register = new Register(new VirtualClock(), {}, (c) => said.push(c))
  tellImpossible(register, fact, (id) => `读写器 ${id}`)
  for (const c of said) expect(Value.Check(facts['lantai.condition.v1'].body, c)).toBe(true)
  return said
}

test('a tag in two places is an alarm that has happened, with both places in its words', () => {
  const epc = '3034257BF7194E4000001A85'
  const said = told({ what: 'two-places', epc, readers: ['desk-1', 'door-1'] })
  expect(said.map((c) => c.active)).toEqual([true, false])
  expect(said[0]).toMatchObject({
    ...{ kind: 'tagInTwoPlaces', priority: 2, key: `tagInTwoPlaces:${epc}` },
    where: { device: 'desk-1', label: `读写器 desk-1 · 读写器 door-1 · ${epc}` },
  })
})

test('the longest EPC still fits, and fields that overlap are no urgent matter', () => {
  const epc = 'ABCD'.repeat(31)
  const tids = ['E280116060000209', 'E280116060000210'] as const
  expect(told({ what: 'two-tags', epc, readers: ['desk-1'], tids })).toHaveLength(2)
  const overlap = told({ what: 'fields-overlap', readers: ['desk-1', 'door-1'] })
  expect(overlap[0]).toMatchObject({ priority: 3 })
})

test('from the reads of two readers to the alarm', () => {
  const said: Condition[] = []
  const register = new Register(new VirtualClock(), {}, (c) => said.push(c))
  const two = new TwoPlaces((fact) => tellImpossible(register, fact, (id) => id))
  for (let n = 0; n < 8; n++) two.read(n % 2 ? 'a' : 'b', 'ABCD', undefined, n * 200)
  expect(said.map((c) => [c.kind, c.active])).toEqual([
    ['tagInTwoPlaces', true],
    ['tagInTwoPlaces', false],
  ])
})
