import { expect, test } from 'vitest'
import { officer, Rig, wang } from './testing.ts'

const lock = { verb: 'lock', aisle: 2, reason: '检修', expectedRevision: null } as const

test('S6 a lock is done when the controller reports the column locked, not before', () => {
  const rig = new Rig().ready()
  rig.ask(lock)
  expect(rig.asked).toMatchObject([{ request: { verb: 'lock', aisle: null, column: 2 } }])
  rig.pass(100)
  rig.see({ locked: false })
  expect(rig.last()?.state).toBe('accepted')
  rig.pass(100)
  rig.see({ locked: true })
  expect(rig.last()).toMatchObject({ state: 'done', reason: 'controller reports column 2 locked' })
})

test('S6 a controller that does not follow is a failure; one that does not say is unknown', () => {
  const rig = new Rig().ready()
  rig.ask(lock)
  rig.pass(4000)
  rig.see({ locked: false })
  rig.pass(1001)
  expect(rig.last()?.state).toBe('failed')
  rig.ask({ ...lock, verb: 'unlock' })
  rig.pass(4000)
  rig.see({ locked: null })
  rig.pass(1001)
  expect(rig.last()).toMatchObject({ verb: 'unlock', state: 'unknown' })
})

test.each([
  ['a bank that moves', { motion: 'moving' as const, openAisle: null }, {}, 'the bank is moving'],
  ['unknown motion', { motion: 'unknown' as const }, {}, 'motion unknown'],
  ['another role', {}, { requester: officer }, 'role may not lock a column'],
  ['no reason', {}, { reason: null }, 'no reason given'],
  ['an unknown column', {}, { aisle: 9 }, 'column unknown'],
])('a lock is refused: %s', (_, seen, asked, reason) => {
  const rig = new Rig().ready()
  rig.see(seen)
  rig.ask({ ...lock, ...asked })
  expect(rig.last()).toMatchObject({ state: 'refused', reason })
  expect(rig.asked).toEqual([])
})

test('no motion: a lock is not held back by an interlock, and does not count as one', () => {
  const rig = new Rig().ready()
  rig.see({ inputs: { obstacle: 'active' } })
  rig.ask({ ...lock, requester: wang })
  expect(rig.asked).toHaveLength(1)
  expect(rig.machine.anyMoving()).toBe(false)
})

test('S5 a lock whose nonce is too old is not sent', () => {
  const rig = new Rig().ready()
  rig.ask({ ...lock, nonceUntil: rig.clock.mono() - 1 })
  expect(rig.last()?.reason).toBe('nonce too old')
})

test('S7 a forbid that only the gateway keeps is cleared there, and the command says so', () => {
  const rig = new Rig().ready()
  rig.ask({ verb: 'forbid', aisle: null, reason: '检修' })
  const clear = rig.ask({
    verb: 'clearForbid',
    aisle: null,
    reason: '完成',
    approver: { id: 'p-2', name: '李', roles: ['facilities'] },
  })
  rig.run(rig.machine.answered(clear.id, 'unsupported'))
  expect(rig.machine.bank('B1')?.held('forbid')).toBeNull()
  expect(rig.last()).toMatchObject({ state: 'done' })
})

test('S6 a controller that never reports motion: no second motion for a minute, then unknown, never done', () => {
  const rig = new Rig({ notProvided: ['door', 'otherAisle'] }).ready()
  rig.see({ motion: 'unknown', openAisle: null })
  rig.ask({})
  expect(rig.motions()).toHaveLength(1)
  for (let t = 0; t < 60_000; t += 1000) {
    rig.pass(1000)
    rig.fire('clear')
    rig.fire('clear', 'smoke-1')
    rig.see({ motion: 'unknown', openAisle: null })
  }
  expect(rig.last()?.state).toBe('accepted')
  rig.ask({ aisle: 3 })
  expect(rig.last()?.reason).toBe('another motion of this bank is under way')
  rig.pass(1)
  rig.pass(1000)
  rig.see({ motion: 'unknown', openAisle: null })
  expect(rig.told.at(-1)).toMatchObject({
    state: 'unknown',
    reason: 'controller never reports motion',
  })
})

test('S7 what a controller still forbids by itself is not called cleared', () => {
  const rig = new Rig().ready()
  rig.see({ inputs: { forbid: 'active' } })
  const clear = rig.ask({
    verb: 'clearForbid',
    aisle: null,
    reason: '完成',
    approver: { id: 'p-2', name: '李', roles: ['facilities'] },
  })
  rig.run(rig.machine.answered(clear.id, 'unsupported'))
  expect(rig.last()).toMatchObject({ state: 'failed' })
})
