import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { AlarmLife, Transition } from './lifecycle.ts'
import { afterAcknowledge, afterTransition, stateOf } from './lifecycle.ts'

const at = (s: number) => new Date(Date.UTC(2026, 10, 22, 6, 0, s))
const ackBy = (s: number) => ({ by: '李敏', at: at(s), comment: null })
const say = (o: Partial<Transition> = {}): Transition => ({
  at: at(0),
  active: true,
  latched: false,
  latching: false,
  reset: null,
  ...o,
})
const fire = (o: Partial<Transition> = {}) => say({ latching: true, latched: true, ...o })
const inspected = { by: '王强', at: at(9), reason: '现场已检查，误报' }

const acked = (life: AlarmLife | null, s = 1) => {
  const answer = life && afterAcknowledge(life, ackBy(s))
  if (!answer?.ok) throw new Error('not acknowledged')
  return answer.life
}

describe('ISA-18.2 states', () => {
  it('unacknowledged, acknowledged, closed', () => {
    const life = afterTransition(null, say())
    expect(life && stateOf(life)).toBe('unacknowledged')
    expect(stateOf(acked(life))).toBe('acknowledged')
    const gone = afterTransition(acked(life), say({ active: false, at: at(5) }))
    expect(gone).toMatchObject({ closedAt: at(5), returnedAt: at(5) })
  })
  it('returned unacknowledged stays until somebody has seen it', () => {
    const gone = afterTransition(afterTransition(null, say()), say({ active: false }))
    expect(gone && stateOf(gone)).toBe('returnedUnacknowledged')
    expect(stateOf(acked(gone))).toBe('closed')
  })
  it('comes back unacknowledged, as the same alarm', () => {
    const gone = afterTransition(afterTransition(null, say()), say({ active: false }))
    const back = afterTransition(gone, say({ at: at(8) }))
    expect(back && stateOf(back)).toBe('unacknowledged')
    expect(back?.since).toEqual(at(0))
  })
  it('a return of what was never there shows nothing', () => {
    expect(afterTransition(null, say({ active: false }))).toBeNull()
  })
  it('is acknowledged once, and not after its close', () => {
    const life = acked(afterTransition(null, say()))
    expect(afterAcknowledge(life, ackBy(2))).toMatchObject({
      ok: false,
      code: 'already-acknowledged',
    })
    const gone = afterTransition(life, say({ active: false })) as AlarmLife
    expect(afterAcknowledge(gone, ackBy(3))).toMatchObject({ ok: false, code: 'alarm-closed' })
  })
})

describe('latches of fire and smoke (S8)', () => {
  it('stays latched when the panel is normal again, until somebody inspected on site', () => {
    const seen = acked(afterTransition(null, fire()))
    expect(stateOf(seen)).toBe('latched')
    const normal = afterTransition(seen, fire({ active: false })) as AlarmLife
    expect(stateOf(normal)).toBe('latched')
    const reset = afterTransition(normal, fire({ active: false, latched: false, reset: inspected }))
    expect(reset && stateOf(reset)).toBe('closed')
    expect(reset?.reset).toEqual(inspected)
  })
  it('does not believe a latch gone without a name', () => {
    const life = afterTransition(null, fire())
    const dropped = afterTransition(life, fire({ active: false, latched: false })) as AlarmLife
    expect(stateOf(dropped)).toBe('latched')
  })
  it('an inspection before the panel was normal counts when it is, a new fire ends it', () => {
    const early = afterTransition(afterTransition(null, fire()), fire({ reset: inspected }))
    expect(early && stateOf(early)).toBe('latched')
    const normal = afterTransition(early, fire({ active: false, latched: false })) as AlarmLife
    expect(stateOf(normal)).toBe('returnedUnacknowledged')
    const again = afterTransition(normal, fire())
    const off = afterTransition(again, fire({ active: false, latched: false })) as AlarmLife
    expect(stateOf(off)).toBe('latched')
  })
})

const transitions = fc.record({
  act: fc.constantFrom('say', 'ack'),
  active: fc.boolean(),
  latched: fc.boolean(),
  reset: fc.option(fc.constant(inspected)),
  second: fc.integer({ min: 0, max: 59 }),
})

function run(
  steps: {
    act: string
    active: boolean
    latched: boolean
    reset: typeof inspected | null
    second: number
  }[],
  latching: boolean,
) {
  const trail: { life: AlarmLife | null; step: (typeof steps)[number] }[] = []
  let life: AlarmLife | null = null
  for (const step of steps) {
    if (step.act === 'say')
      life =
        afterTransition(life, {
          at: at(step.second),
          active: step.active,
          latched: step.latched,
          latching,
          reset: step.reset,
        }) ?? life
    else if (life) {
      const answer = afterAcknowledge(life, ackBy(step.second))
      if (answer.ok) life = answer.life
    }
    trail.push({ life, step })
  }
  return trail
}

describe('any order of transitions, repeated or not', () => {
  it('a latching alarm never closes without reset on site and normal (S8)', () => {
    fc.assert(
      fc.property(fc.array(transitions, { maxLength: 30 }), (steps) => {
        for (const { life } of run(steps, true))
          if (life?.closedAt) {
            expect(life.reset).not.toBeNull()
            expect(life.active).toBe(false)
            expect(life.ack).not.toBeNull()
          }
      }),
      { numRuns: 500 },
    )
  })
  it('is never stuck: normal, reset and acknowledged always closes it', () => {
    fc.assert(
      fc.property(fc.array(transitions, { maxLength: 30 }), fc.boolean(), (steps, latching) => {
        const end = { act: 'say', active: false, latched: false, reset: inspected, second: 1 }
        const ack = { ...end, act: 'ack' }
        const life = run([...steps, end, ack], latching).at(-1)?.life
        expect(life === null || life?.closedAt).toBeTruthy()
      }),
      { numRuns: 500 },
    )
  })
  it('saying the same again changes nothing', () => {
    fc.assert(
      fc.property(
        fc.array(transitions, { maxLength: 20, minLength: 1 }),
        fc.boolean(),
        (steps, latching) => {
          const last = steps.at(-1)
          if (last?.act !== 'say') return
          const [once, twice] = [run(steps, latching), run([...steps, last], latching)]
          const before = once.at(-1)?.life
          // A closed alarm and the same condition again is a new one.
          if (before?.closedAt) return
          expect(twice.at(-1)?.life).toEqual(before)
        },
      ),
    )
  })
})
