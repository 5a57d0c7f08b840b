import { expect, test } from 'vitest'
import { stateLostKey } from '../outbox/types.ts'
import { allClear, fires, li, officer, Rig, wang } from './testing.ts'

const permit = (rig: Rig) => rig.machine.bank('B1')?.permit()

test('S1: any active or unknown input refuses motion and is named', () => {
  for (const [input, state] of [
    ['obstacle', 'active'],
    ['eStop', 'unknown'],
    ['forbid', 'unknown'],
    ['power', 'active'],
  ] as const) {
    const rig = new Rig().ready()
    rig.see({ inputs: { [input]: state } })
    rig.ask({})
    expect(rig.last()).toMatchObject({ state: 'refused', reason: `${input} ${state}` })
    expect(rig.motions()).toEqual([])
  }
})

test('S1: an input that the controller does not give refuses, unless it was accepted as not provided', () => {
  const rig = new Rig().ready()
  expect(rig.machine.bank('B1')?.interlocks()).toContainEqual(
    expect.objectContaining({ input: 'door', state: 'notProvided' }),
  )
  rig.see({ inputs: { night: undefined as never } })
  expect(permit(rig)).toBe(false)
  rig.see({ inputs: { door: 'active' } })
  expect(rig.machine.bank('B1')?.refusedBy()).toBe('door active')
})

test('S1 S2: two seconds without a report and the permit is gone, with its lease', () => {
  const rig = new Rig().ready()
  expect(permit(rig)).toBe(true)
  const lease = () => (rig.machine.bank('B1')?.leaseUntil() ?? 0) - rig.clock.mono()
  expect(lease()).toBe(500)
  rig.clock.advance(600)
  expect(lease()).toBeLessThan(0)
  expect(permit(rig)).toBe(true)
  rig.clock.advance(1401)
  expect(permit(rig)).toBe(false)
  rig.see()
  expect(rig.machine.bank('B1')?.refusedBy()).toBe('fire unknown')
})

test('S3: a start is inhibited; only archivist or facilities with a reason and good inputs release it', () => {
  const rig = new Rig()
  const release = (more: object) =>
    rig.ask({ verb: 'release', aisle: null, reason: '巡库', ...more })
  release({})
  expect(rig.last()).toMatchObject({ state: 'refused', reason: 'eStop unknown' })
  rig.well()
  release({ requester: officer })
  expect(rig.last()?.reason).toBe('role may not release')
  release({ reason: ' ' })
  expect(rig.last()?.reason).toBe('no reason given')
  rig.ask({})
  expect(rig.last()?.reason).toBe('inhibited: boot')
  release({ requester: li })
  expect(rig.last()).toMatchObject({ state: 'done' })
  expect(permit(rig)).toBe(true)
  expect(rig.asked).toEqual([])
})

test('S3 G9: a restart in motion resumes nothing, and what was under way is unknown', () => {
  const rig = new Rig().ready()
  const r = rig.ask({})
  rig.see({ motion: 'moving' })
  rig.asked = []
  rig.boot()
  rig.well()
  rig.pass(250)
  expect(rig.told.filter((t) => t.command === r.id).at(-1)).toMatchObject({ state: 'unknown' })
  rig.run(rig.machine.request({ ...r, nonceUntil: rig.clock.mono() + 5000 }))
  expect(rig.last()?.state).toBe('unknown')
  expect(rig.asked).toEqual([])
  expect(permit(rig)).toBe(false)
})

test('S4: another revision than the person saw, a late command, or one with a long life is refused', () => {
  const rig = new Rig().ready()
  const seen = rig.machine.bank('B1')?.observed?.revision ?? 0
  rig.see({ openAisle: 3 })
  rig.ask({ expectedRevision: seen })
  expect(rig.last()?.reason).toBe('state changed since it was seen')
  rig.ask({ expiresAt: rig.clock.now() - 1 })
  expect(rig.last()?.state).toBe('expired')
  rig.ask({ expiresAt: rig.clock.now() + 60_000 })
  expect(rig.last()?.reason).toBe('expiry too far away')
  expect(rig.motions()).toEqual([])
})

test('S5: without a nonce of this link, or with an old one, nothing moves; a duplicate is answered from the store', () => {
  const rig = new Rig().ready()
  rig.ask({ nonceUntil: null })
  expect(rig.last()?.reason).toBe('nonce unknown')
  rig.ask({ nonceUntil: rig.clock.mono() - 1 })
  expect(rig.last()?.reason).toBe('nonce too old')
  const r = rig.ask({})
  rig.run(rig.machine.request(r))
  rig.run(rig.machine.request(r))
  expect(rig.motions()).toHaveLength(1)
})

test('S5: the id is on disk before anything is asked, and everything is looked at again then', () => {
  const rig = new Rig().ready()
  rig.autoStore = false
  rig.ask({})
  expect(rig.motions()).toEqual([])
  rig.see({ inputs: { obstacle: 'active' } })
  rig.flush()
  expect(rig.last()).toMatchObject({ state: 'refused', reason: 'obstacle active' })
  expect(rig.motions()).toEqual([])
})

test('S5: what loosens needs a nonce of this link as well; the console needs none, and moves nothing', () => {
  const rig = new Rig()
  rig.well()
  const release = (more: object) =>
    rig.ask({ verb: 'release', aisle: null, reason: '巡库', ...more })
  release({ nonceUntil: null })
  expect(rig.last()).toMatchObject({ state: 'refused', reason: 'nonce unknown' })
  release({ nonceUntil: rig.clock.mono() - 1 })
  expect(rig.last()).toMatchObject({ state: 'refused', reason: 'nonce too old' })
  expect(permit(rig)).toBe(false)
  const atConsole = {
    origin: 'console',
    nonceUntil: null,
    issuedAt: null,
    expiresAt: null,
  } as const
  release(atConsole)
  expect(permit(rig)).toBe(true)
  rig.ask(atConsole)
  expect(rig.last()).toMatchObject({ state: 'refused', reason: 'nonce unknown' })
  expect(rig.motions()).toEqual([])
})

test('S1: a report is as old as its reading; what lay in a queue is not fresh', () => {
  const rig = new Rig().ready()
  const observed = rig.machine.bank('B1')?.observed
  if (!observed) throw new Error('nothing was observed')
  const report = (ageMs: number) =>
    rig.run(rig.machine.bankReported('B1', { observed, inputs: { ...allClear } }, ageMs))
  report(2001)
  expect(rig.machine.bank('B1')?.refusedBy()).toBe('eStop unknown')
  report(1500)
  expect(permit(rig)).toBe(true)
  rig.clock.advance(501)
  for (const f of fires) rig.run(rig.machine.contactReported(f.id, 'clear'))
  expect(rig.machine.bank('B1')?.refusedBy()).toBe('eStop unknown')
  rig.see()
  expect(permit(rig)).toBe(true)
  rig.run(rig.machine.contactReported('fire-panel', 'clear', 2001))
  expect(rig.machine.bank('B1')?.refusedBy()).toBe('fire unknown')
})

test('S6: a motion that stops by itself is not blamed on its own use of the bank', () => {
  const rig = new Rig().ready()
  const r = rig.ask({})
  rig.run(rig.machine.answered(r.id, 'sent'))
  rig.see({ motion: 'moving', openAisle: null })
  for (let s = 0; s < 4; s++) {
    rig.well({ motion: 'still', openAisle: null })
    rig.pass(1000)
  }
  expect(rig.last()).toMatchObject({
    state: 'failed',
    reason: 'stopped on the way: no input says why',
  })
})

test('S6: done only after moving was seen and then the aisle in place', () => {
  const rig = new Rig().ready()
  const r = rig.ask({})
  rig.run(rig.machine.answered(r.id, 'sent'))
  rig.see()
  expect(rig.last()?.state).toBe('accepted')
  rig.see({ motion: 'moving', openAisle: null })
  expect(rig.last()?.state).toBe('running')
  rig.see({ motion: 'still', openAisle: 2 })
  expect(rig.last()).toMatchObject({ state: 'done', reason: 'controller reports aisle 2 in place' })
})

test('S6: a lost link is unknown, never repeated; a stop on the way and no motion at all are failures', () => {
  const lost = new Rig().ready()
  lost.ask({})
  lost.see({ motion: 'moving' })
  lost.pass(2001)
  expect(lost.last()).toMatchObject({ state: 'unknown', reason: 'link lost in motion' })
  expect(lost.motions()).toHaveLength(1)

  const halted = new Rig().ready()
  halted.ask({})
  halted.see({ motion: 'moving', openAisle: null })
  for (let s = 0; s < 4; s++) {
    halted.see({ openAisle: null, inputs: { obstacle: 'active' } })
    halted.pass(1000)
  }
  expect(halted.last()).toMatchObject({
    state: 'failed',
    reason: 'stopped on the way: obstacle active',
  })

  const idle = new Rig().ready()
  idle.ask({})
  for (let s = 0; s < 11; s++) {
    idle.see()
    idle.pass(1000)
  }
  expect(idle.last()).toMatchObject({ state: 'failed', reason: 'no motion seen' })
})

test('S6: a reply of the driver is not a result', () => {
  const rig = new Rig().ready()
  const r = rig.ask({})
  rig.run(rig.machine.answered(r.id, 'link-lost'))
  expect(rig.last()).toMatchObject({ state: 'unknown', reason: 'link lost' })
})

test('S7: a stop is asked at once, whatever is inhibited, old or unsigned by a clock, and may be repeated', () => {
  const rig = new Rig()
  rig.autoStore = false
  rig.ask({ verb: 'stop', aisle: null, requester: officer, expiresAt: 0, nonceUntil: null })
  rig.ask({ verb: 'stop', aisle: null })
  expect(rig.asked.map((a) => a.request.verb)).toEqual(['stop', 'stop'])
  rig.flush()
  rig.pass(10)
  rig.see()
  expect(rig.last()).toMatchObject({ state: 'done', reason: 'controller reports still' })
})

test('S7: a stop that overtakes an accepted motion keeps it from beginning', () => {
  for (const verb of ['stop', 'forbid'] as const) {
    const rig = new Rig().ready()
    rig.autoStore = false
    const open = rig.ask({})
    rig.ask({ verb, aisle: null, reason: '有人' })
    rig.flush()
    expect(rig.motions()).toEqual([])
    expect(rig.told.filter((t) => t.command === open.id).at(-1)).toMatchObject({
      state: 'refused',
      reason: `${verb} requested before it began`,
    })
  }
})

test('S7: a clear that was on its way does not end a forbid that came after it', () => {
  const rig = new Rig().ready()
  rig.ask({ verb: 'forbid', aisle: null, reason: '检修' })
  rig.autoStore = false
  rig.ask({ verb: 'clearForbid', aisle: null, reason: '检修完', approver: li })
  rig.ask({ verb: 'forbid', aisle: null, reason: '又有人进去' })
  rig.flush()
  expect(rig.machine.bank('B1')?.held('forbid')).toMatchObject({ reason: '又有人进去' })
  expect(rig.store['latch.forbid.B1']).toContain('又有人进去')
})

test('S7: a forbid latches on disk though its record finds no room', () => {
  const rig = new Rig().ready()
  rig.full = true
  rig.ask({ verb: 'forbid', aisle: null, reason: '检修' })
  expect(permit(rig)).toBe(false)
  rig.full = false
  rig.boot()
  expect(rig.machine.bank('B1')?.held('forbid')).toMatchObject({ reason: '检修' })
})

test('S7: forbid latches over a restart; clearing needs a second person', () => {
  const rig = new Rig().ready()
  rig.ask({ verb: 'forbid', aisle: null, reason: '检修' })
  expect(permit(rig)).toBe(false)
  rig.boot()
  rig.well()
  rig.release()
  expect(rig.last()?.reason).toBe('forbid active')
  const clear = (approver: typeof li | null) =>
    rig.ask({ verb: 'clearForbid', aisle: null, reason: '检修完', approver })
  clear(null)
  expect(rig.last()?.reason).toBe('needs a second person')
  clear(wang)
  expect(rig.last()?.reason).toBe('needs a second person')
  clear(officer)
  expect(rig.last()?.state).toBe('refused')
  clear(li)
  rig.pass(10)
  rig.see()
  expect(rig.last()).toMatchObject({ state: 'done' })
  expect(rig.motions()).toEqual([])
  rig.release()
  expect(permit(rig)).toBe(true)
})

test('S8: fire latches and inhibits the room on one signal, survives a restart, and is reset only when normal', () => {
  const rig = new Rig().ready()
  rig.fire('active', 'smoke-1')
  expect(permit(rig)).toBe(false)
  rig.fire('clear', 'smoke-1')
  expect(rig.machine.bank('B1')?.held('fire')).toMatchObject({ kind: 'fire' })
  rig.boot()
  rig.fire('active', 'smoke-1')
  rig.fire('clear', 'fire-panel')
  expect(rig.machine.resetFire('R1', li, '误报')).toEqual({ refused: 'fire input is active' })
  rig.well()
  rig.asked = []
  const reset = rig.machine.resetFire('R1', li, '误报')
  expect(reset).toHaveProperty('effects')
  if ('effects' in reset) rig.run(reset.effects)
  expect(rig.asked).toEqual([])
  expect(rig.store['latch.fire.smoke-1']).toBeUndefined()
  expect(permit(rig)).toBe(false)
  rig.release()
  expect(permit(rig)).toBe(true)
})

test('reliability 3.2: an unknown fire input inhibits without latching', () => {
  const rig = new Rig().ready()
  rig.fire('unknown')
  expect(permit(rig)).toBe(false)
  expect(rig.machine.fire.latched('R1')).toBeNull()
  rig.fire('clear')
  expect(permit(rig)).toBe(true)
})

test('reliability 3.2: fire in motion asks for a stop and never for another motion', () => {
  const rig = new Rig().ready()
  rig.ask({})
  rig.see({ motion: 'moving' })
  rig.asked = []
  rig.fire('active')
  expect(rig.asked.map((a) => a.request.verb)).toEqual(['stop'])
})

test('S8: latches that a damaged store may have lost count as set until two persons have looked', () => {
  const rig = new Rig().ready()
  rig.store[stateLostKey] = 'true'
  rig.boot()
  rig.boot()
  rig.well()
  rig.release()
  expect(permit(rig)).toBe(false)
  expect(rig.machine.bank('B1')?.held('forbid')).toMatchObject({
    reason: 'the store of latches was damaged',
  })
  rig.ask({ verb: 'clearForbid', aisle: null, reason: '两人查看', approver: li })
  rig.boot()
  rig.well()
  rig.release()
  expect(permit(rig)).toBe(true)
})

test('S8: somebody in the aisle during our motion latches until a person resets it', () => {
  const rig = new Rig().ready()
  rig.ask({})
  rig.see({ motion: 'moving', inputs: { occupied: 'active' } })
  expect(rig.machine.bank('B1')?.held('crush')).toMatchObject({ reason: 'occupied at motion' })
  rig.boot()
  rig.well()
  rig.release()
  expect(permit(rig)).toBe(false)
  const reset = rig.machine.resetCrush('B1', li, '已查看')
  if ('effects' in reset) rig.run(reset.effects)
  expect(permit(rig)).toBe(true)
})

test('S10: motion that nobody asked for is recorded as manual when it ends', () => {
  const rig = new Rig().ready()
  rig.see({ motion: 'moving', openAisle: null })
  rig.see({ openAisle: 3 })
  expect(rig.last()).toMatchObject({ origin: 'manual', state: 'done', verb: 'open', aisle: 3 })
  expect(rig.recorded.at(-1)).toMatchObject({ type: 'lantai.command.v1' })
})

test('G4: with a full store new motion is refused', () => {
  const rig = new Rig().ready()
  rig.machine.storage(true)
  rig.ask({})
  expect(rig.last()?.reason).toBe('inhibited: storage')
  rig.machine.storage(false)
  expect(permit(rig)).toBe(true)
})

test('an aisle in place already is told as it is; nothing is asked', () => {
  const rig = new Rig().ready()
  rig.ask({ aisle: 1 })
  expect(rig.last()).toMatchObject({ state: 'done', reason: 'in place already; nothing was asked' })
  expect(rig.asked).toEqual([])
})
