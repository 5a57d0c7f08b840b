import { expect, test } from 'vitest'
import { provenBy } from './commission.ts'
import { li, officer, Rig, wang } from './testing.ts'
import { Trials } from './trials.ts'

const polarised = (leftIs: 'lower' | 'higher' | 'unset' | 'absolute' = 'lower') => {
  const rig = new Rig({ leftIs })
  rig.well()
  rig.release()
  rig.asked = []
  return { rig, trials: new Trials(rig.machine, rig.clock) }
}
type Polarised = ReturnType<typeof polarised>

/** What the console does with a proof: on disk first, then it counts. */
function keep({ rig }: Polarised, proof: ReturnType<Trials['answer']>) {
  if ('refused' in proof) throw new Error(proof.refused)
  rig.run([{ do: 'store', facts: proof.facts, puts: proof.puts, token: null }])
  proof.apply()
}
const accept = (p: Polarised) => keep(p, p.trials.accept('B1', wang, li))

function tryAisle(p: Polarised, aisle = 2) {
  const seen = p.rig.machine.bank('B1')?.observed?.revision ?? -1
  const outcome = p.trials.begin('B1', aisle, li, seen)
  if ('effects' in outcome) p.rig.run(outcome.effects)
  return outcome
}
/** The controller moves and reports the aisle in place. */
function moves({ rig }: Polarised) {
  rig.pass(100)
  rig.see({ motion: 'moving', openAisle: null })
  rig.pass(100)
  rig.see({ openAisle: 2, xMm: 900 })
}

test('S11 a bank whose side polarity nobody has proven refuses motion and says so', () => {
  const p = polarised()
  accept(p)
  p.rig.ask({})
  expect(p.rig.last()).toMatchObject({
    state: 'refused',
    reason: 'side polarity not commissioned',
  })
  expect(p.rig.motions()).toEqual([])
  const [report] = p.rig.machine.banks()
  expect(report?.permit).toBe(false)
  expect(report?.inhibitions).toMatchObject([
    { kind: 'commissioning', reason: 'side polarity not commissioned' },
  ])
})

test('S11 a trial that opens the aisle that was asked for proves the setting, for ever', () => {
  const p = polarised()
  accept(p)
  expect(tryAisle(p)).toHaveProperty('effects')
  expect(p.rig.motions()).toMatchObject([{ request: { verb: 'open', aisle: 2 } }])
  moves(p)
  keep(p, p.trials.answer('B1', 2, li))
  expect(p.rig.recorded.at(-1)).toMatchObject({
    type: 'lantai.console.v1',
    data: { act: 'sidePolarity', by: '李', bank: 'B1' },
  })
  p.rig.see({ openAisle: 1 })
  p.rig.asked = []
  p.rig.ask({})
  expect(p.rig.motions()).toHaveLength(1)
  p.rig.boot()
  expect(p.rig.machine.bank('B1')?.commissioned.refusal()).toBeNull()
})

test('S11 a trial that opens the aisle across the column proves the other side: the setting is refused until it agrees', () => {
  const p = polarised()
  accept(p)
  tryAisle(p)
  moves(p)
  keep(p, p.trials.answer('B1', 1, li))
  p.rig.see({ openAisle: 1 })
  p.rig.ask({ aisle: 3 })
  expect(p.rig.last()?.reason).toBe('side polarity is set to lower, but higher was proven')
})

test('S11 what neither side explains proves nothing and is recorded', () => {
  const p = polarised()
  accept(p)
  tryAisle(p)
  moves(p)
  keep(p, p.trials.answer('B1', 3, li))
  expect(p.rig.recorded.at(-1)?.data).toMatchObject({
    reason: expect.stringContaining('nothing proven'),
  })
  expect(p.rig.machine.bank('B1')?.commissioned.side).toBeNull()
})

test('S11 an answer before the trial has ended, or without one, is refused', () => {
  const p = polarised()
  accept(p)
  expect(p.trials.answer('B1', 2, li)).toEqual({ refused: 'no trial was made' })
  tryAisle(p)
  p.rig.see({ motion: 'moving', openAisle: null })
  expect(p.trials.answer('B1', 2, li)).toEqual({ refused: 'the trial is still under way' })
  moves(p)
  p.rig.pass(10 * 60_000 + 1)
  expect(p.trials.answer('B1', 2, li)).toEqual({
    refused: 'the trial was too long ago: make another',
  })
})

test('S11 a trial needs a person of the house, an aisle that can tell, and a setting to be tried', () => {
  const p = polarised()
  accept(p)
  const seen = p.rig.machine.bank('B1')?.observed?.revision ?? -1
  expect(p.trials.begin('B1', 2, wang, seen)).toEqual({ refused: 'role may not commission' })
  expect(tryAisle(p, 1)).toEqual({
    refused: 'the first aisle has none across its column: choose another',
  })
  expect(tryAisle(p, 9)).toEqual({ refused: 'aisle unknown' })
  expect(tryAisle(polarised('unset'))).toEqual({ refused: 'side polarity not set' })
  expect(tryAisle(polarised('absolute'))).toEqual({ refused: 'this bank has no side polarity' })
  expect(p.rig.motions()).toEqual([])
})

test('S1 S4 a trial goes the way of every motion: inputs, the boot inhibition and the seen status stand in its way', () => {
  const p = polarised()
  accept(p)
  p.rig.see({ inputs: { obstacle: 'active' } })
  expect(tryAisle(p)).toEqual({ refused: 'obstacle active' })
  p.rig.see()
  expect(p.trials.begin('B1', 2, li, 0)).toEqual({ refused: 'state changed since it was seen' })
  p.rig.boot()
  p.rig.well()
  const again = { rig: p.rig, trials: new Trials(p.rig.machine, p.rig.clock) }
  expect(tryAisle(again)).toEqual({ refused: 'inhibited: boot' })
  expect(p.rig.motions()).toEqual([])
})

test('S1 inputs that the controller cannot give refuse motion until two persons have accepted each of them', () => {
  const p = polarised('absolute')
  p.rig.ask({})
  expect(p.rig.last()?.reason).toBe('missing inputs not accepted: door')
  expect(p.trials.accept('B1', wang, wang)).toEqual({ refused: 'needs a second person' })
  expect(p.trials.accept('B1', wang, officer)).toEqual({ refused: 'role may not accept inputs' })
  accept(p)
  expect(p.rig.recorded.at(-1)?.data).toMatchObject({
    act: 'acceptInputs',
    by: '王',
    second: '李',
    reason: 'accepted without: door',
  })
  p.rig.ask({})
  expect(p.rig.motions()).toHaveLength(1)
})

test('S1 an input that is named later has not been accepted', () => {
  const p = polarised('absolute')
  accept(p)
  const later = new Rig({ leftIs: 'absolute', notProvided: ['door', 'occupied'] })
  Object.assign(later.store, p.rig.store)
  later.boot()
  expect(later.machine.bank('B1')?.commissioned.refusal()).toBe(
    'missing inputs not accepted: occupied',
  )
})

test('a bank whose driver needs no commissioning moves as before', () => {
  const rig = new Rig().ready()
  rig.ask({})
  expect(rig.motions()).toHaveLength(1)
})

test.each([
  ['lower', 2, 2, 'lower'],
  ['lower', 2, 1, 'higher'],
  ['higher', 2, 2, 'higher'],
  ['higher', 2, 1, 'lower'],
  ['lower', 2, 3, null],
  ['lower', 2, null, null],
  ['lower', 1, 3, null],
] as const)('set to %s, asked for %s, saw %s: left is %s', (leftIs, asked, saw, proven) => {
  expect(provenBy([1, 2, 3], leftIs, asked, saw)).toBe(proven)
})
