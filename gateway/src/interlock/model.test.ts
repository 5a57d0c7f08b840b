import type { InterlockInput } from '@lantai/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { InputReport } from '../drivers/driver.ts'
import { allClear, fires, li, officer, Rig, wang } from './testing.ts'

const inputNames = Object.keys(allClear) as InterlockInput[]
const people = [wang, li, officer]

type Step =
  | {
      do: 'see'
      motion: 'still' | 'moving' | 'unknown'
      aisle: number
      input: number
      state: InputReport
    }
  | { do: 'well' }
  | { do: 'fire'; which: number; state: InputReport }
  | { do: 'pass'; ms: number }
  | { do: 'jump'; ms: number }
  | { do: 'store' }
  | { do: 'restart' }
  | { do: 'linkLost' }
  | { do: 'replay'; which: number }
  | { do: 'reset' }
  | {
      do: 'ask'
      verb: 'open' | 'close' | 'stop' | 'forbid' | 'clearForbid' | 'release'
      who: number
      second: number
      nonce: 'good' | 'none' | 'old'
      revision: 'seen' | 'other'
      expired: boolean
      aisle: number
    }

const state = fc.constantFrom<InputReport>('clear', 'clear', 'active', 'unknown')
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('see' as const),
      motion: fc.constantFrom('still' as const, 'moving' as const, 'unknown' as const),
      aisle: fc.integer({ min: 0, max: 3 }),
      input: fc.nat(inputNames.length - 1),
      state,
    }),
  },
  { weight: 8, arbitrary: fc.constant({ do: 'well' as const }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('fire' as const), which: fc.nat(1), state }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constant('pass' as const),
      ms: fc.constantFrom(10, 250, 1000, 2001, 6000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      do: fc.constant('jump' as const),
      ms: fc.constantFrom(-86_400_000, 86_400_000),
    }),
  },
  { weight: 6, arbitrary: fc.constant({ do: 'store' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'restart' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'linkLost' as const }) },
  { weight: 1, arbitrary: fc.constant({ do: 'reset' as const }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('replay' as const), which: fc.nat(5) }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('ask' as const),
      verb: fc.constantFrom(
        'open' as const,
        'open' as const,
        'open' as const,
        'close' as const,
        'stop' as const,
        'forbid' as const,
        'clearForbid' as const,
        'release' as const,
        'release' as const,
      ),
      who: fc.nat(2),
      second: fc.nat(2),
      nonce: fc.constantFrom(
        'good' as const,
        'good' as const,
        'good' as const,
        'none' as const,
        'old' as const,
      ),
      revision: fc.constantFrom(
        'seen' as const,
        'seen' as const,
        'seen' as const,
        'other' as const,
      ),
      expired: fc.constantFrom(false, false, false, false, true),
      aisle: fc.integer({ min: 1, max: 3 }),
    }),
  },
)

/** A request as a person would make it, so that the rules are tried on motion that does begin. */
const sensible: fc.Arbitrary<Step[]> = fc.integer({ min: 1, max: 3 }).map((aisle) => [
  { do: 'well' },
  {
    do: 'ask',
    verb: 'open',
    who: 0,
    second: 1,
    nonce: 'good',
    revision: 'seen',
    expired: false,
    aisle,
  },
  { do: 'store' },
])
const history = fc
  .array(
    fc.oneof({ weight: 9, arbitrary: step.map((s) => [s]) }, { weight: 1, arbitrary: sensible }),
    {
      minLength: 5,
      maxLength: 40,
      size: 'max',
    },
  )
  .map((parts) => parts.flat())

/** What the test itself knows of the room; it shares no rule with the machine. */
class World {
  readonly rig = new Rig()
  inputs: Record<string, InputReport> = { ...allClear }
  motion = 'unknown'
  seenAt = Number.NEGATIVE_INFINITY
  fireState: InputReport[] = fires.map(() => 'unknown')
  fireAt = fires.map(() => Number.NEGATIVE_INFINITY)
  fireLatched = false
  forbidden = false
  released = false
  crushPossible = false
  moved = false
  aisle = 0
  readonly issued: {
    id: string
    nonceUntil: number
    expiresAt: number
    verb: string
    aisle: number | null
  }[] = []
  readonly motionAsked = new Set<string>()
  motionsGranted = 0
  /** How many requests had been made when the last stop or forbid came. */
  haltedAfter = 0
  onDisk = new Set<string>()

  constructor() {
    this.rig.autoStore = false
  }
  /** The rule S1 said once more, from the world's side. */
  mayMove(): boolean {
    const now = this.rig.clock.mono()
    const fresh = (at: number) => now - at <= 2000
    return (
      this.released &&
      !this.forbidden &&
      !this.fireLatched &&
      fresh(this.seenAt) &&
      Object.values(this.inputs).every((s) => s === 'clear') &&
      this.motion === 'still' &&
      this.fireState.every((s, i) => s === 'clear' && fresh(this.fireAt[i] ?? 0))
    )
  }
}

function see(
  w: World,
  motion: 'still' | 'moving' | 'unknown',
  aisle: number,
  inputs: Record<string, InputReport>,
) {
  w.inputs = inputs
  w.motion = motion
  w.seenAt = w.rig.clock.mono()
  if (motion === 'moving') w.moved = true
  w.aisle = aisle
  w.rig.see({ motion, openAisle: aisle === 0 ? null : aisle, inputs })
}
function fire(w: World, which: number, s: InputReport) {
  w.fireState[which] = s
  w.fireAt[which] = w.rig.clock.mono()
  if (s === 'active') w.fireLatched = true
  w.rig.fire(s, fires[which]?.id)
}
function ask(w: World, s: Extract<Step, { do: 'ask' }>) {
  const { rig } = w
  const seen = rig.machine.bank('B1')?.observed?.revision ?? 0
  const nonceUntil = { good: rig.clock.mono() + 5000, old: rig.clock.mono() - 1, none: null }[
    s.nonce
  ]
  const r = rig.ask({
    id: `m-${w.issued.length}`,
    verb: s.verb,
    aisle: s.verb === 'open' ? s.aisle : null,
    requester: people[s.who] ?? wang,
    approver: people[s.second] ?? null,
    reason: '模型',
    nonceUntil,
    expectedRevision: s.revision === 'seen' ? seen : seen + 1,
    expiresAt: rig.clock.now() + (s.expired ? -1 : 5000),
    issuedAt: rig.clock.now(),
  })
  w.issued.push({
    id: r.id,
    nonceUntil: nonceUntil ?? Number.NEGATIVE_INFINITY,
    expiresAt: r.expiresAt ?? 0,
    verb: s.verb,
    aisle: r.aisle,
  })
  if (s.verb === 'forbid' && s.who !== 2) w.forbidden = true
  if (s.verb === 'stop' || (s.verb === 'forbid' && s.who !== 2)) w.haltedAfter = w.issued.length
}
function flush(w: World) {
  for (const id of w.rig.pending) w.onDisk.add(id)
  w.rig.flush()
}

function play(w: World, s: Step) {
  const { rig } = w
  switch (s.do) {
    case 'see':
      return see(w, s.motion, s.aisle, { ...allClear, [inputNames[s.input] ?? 'link']: s.state })
    case 'well':
      fires.forEach((_, i) => void fire(w, i, 'clear'))
      return see(w, 'still', w.aisle, { ...allClear })
    case 'fire':
      return fire(w, s.which, s.state)
    case 'pass':
      return rig.pass(s.ms)
    case 'jump':
      return rig.clock.jump(s.ms)
    case 'store':
      return flush(w)
    case 'restart':
      // What was latched but not yet released is on disk with the record that latched it.
      w.released = false
      w.seenAt = Number.NEGATIVE_INFINITY
      w.fireAt = fires.map(() => Number.NEGATIVE_INFINITY)
      w.motion = 'unknown'
      return void rig.boot()
    case 'linkLost':
      return see(w, 'unknown', w.aisle, { ...allClear, link: 'active' })
    case 'reset': {
      const reset = rig.machine.resetFire('R1', li, '现场确认')
      if (!('effects' in reset)) return
      expect(w.fireState.every((x) => x === 'clear')).toBe(true)
      w.fireLatched = false
      return rig.run(reset.effects)
    }
    case 'replay': {
      const old = w.issued[s.which]
      if (!old) return
      return void rig.ask({ id: old.id, nonceUntil: rig.clock.mono() + 5000 })
    }
    case 'ask':
      return ask(w, s)
  }
}

/** After every step: nothing was asked that the room did not allow, and nothing is called done that was not seen. */
function check(w: World, s: Step, asked: Rig['asked'], told: Rig['told']) {
  // A replay is answered with what was true then.
  for (const t of s.do === 'replay' ? [] : told) {
    if (t.state === 'done' && t.verb === 'release') w.released = true
    if (t.verb === 'clearForbid' && ['done', 'failed', 'unknown'].includes(t.state))
      w.forbidden = false
    if (t.state === 'done' && t.verb === 'open' && t.origin === 'server') {
      expect(w.motion).toBe('still')
      expect(w.aisle).toBe(t.aisle)
      if (!t.reason?.startsWith('in place already')) expect(w.moved).toBe(true)
    }
  }
  if (asked.some((a) => a.request.verb === 'clearForbid')) w.forbidden = false
  for (const a of asked) {
    if (!['open', 'close', 'ventilate'].includes(a.request.verb)) continue
    const issued = w.issued.find((i) => i.id === a.command)
    expect(s.do).toBe('store')
    expect(issued).toBeDefined()
    expect(w.mayMove()).toBe(true)
    expect(w.onDisk.has(a.command ?? '')).toBe(true)
    if (issued) expect(w.issued.indexOf(issued)).toBeGreaterThanOrEqual(w.haltedAfter)
    expect(issued?.nonceUntil).toBeGreaterThanOrEqual(w.rig.clock.mono())
    expect(issued?.expiresAt).toBeGreaterThanOrEqual(w.rig.clock.now())
    expect(w.motionAsked.has(a.command ?? '')).toBe(false)
    expect(a.notAfter - w.rig.clock.mono()).toBeLessThanOrEqual(2000)
    w.motionAsked.add(a.command ?? '')
    w.motionsGranted++
    w.moved = false
  }
  if (w.rig.machine.bank('B1')?.permit()) expect(w.mayMove()).toBe(true)
}

let granted = 0

test('S1 S2 S3 S4 S5 S6 S7 S8: in 10,000 histories no motion is asked for that the room did not allow', () => {
  fc.assert(
    fc.property(history, (steps) => {
      const w = new World()
      // Most histories begin where motion is possible, so that the rules are tried where they matter.
      const begin: Step[] = [
        { do: 'well' },
        {
          do: 'ask',
          verb: 'release',
          who: 0,
          second: 1,
          nonce: 'good',
          revision: 'seen',
          expired: false,
          aisle: 1,
        },
        { do: 'store' },
      ]
      for (const s of [...begin, ...steps]) {
        const asked = w.rig.asked.length
        const told = w.rig.told.length
        play(w, s)
        check(w, s, w.rig.asked.slice(asked), w.rig.told.slice(told))
      }
      granted += w.motionsGranted
    }),
    { numRuns: 10_000 },
  )
  // A model in which nothing ever moves would prove nothing.
  expect(granted).toBeGreaterThan(1000)
}, 120_000)
