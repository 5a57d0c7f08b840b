import { type CommandTransition, type InterlockInput, VirtualClock } from '@lantai/contracts'
import type { InputReport, ShelvingRequest } from '../drivers/driver.ts'
import { InterlockMachine } from './machine.ts'
import type { BankConfig, Effect, FireConfig, Person, Request } from './types.ts'

export const wang: Person = { id: 'p-wang', name: '王', roles: ['archivist'] }
export const li: Person = { id: 'p-li', name: '李', roles: ['facilities'] }
export const officer: Person = { id: 'p-zhou', name: '周', roles: ['systemOfficer'] }

export const bankConfig: BankConfig = {
  bank: 'B1',
  label: '甲组',
  room: 'R1',
  device: 'shelf-b1',
  columns: [1, 2, 3],
  notProvided: ['door'],
}
export const fires: FireConfig[] = [
  { id: 'fire-panel', label: '消防主机', device: 'contacts-1', room: 'R1', means: 'fire' },
  { id: 'smoke-1', label: '烟感 1', device: 'contacts-1', room: 'R1', means: 'smoke' },
]
export const allClear = Object.fromEntries(
  [
    'eStop',
    'obstacle',
    'occupied',
    'forbid',
    'manual',
    'night',
    'controllerFault',
    'power',
    'link',
  ].map((i) => [i, 'clear']),
) as Partial<Record<InterlockInput, InputReport>>

export interface Seen {
  motion?: 'still' | 'moving' | 'unknown'
  openAisle?: number | null
  xMm?: number
  locked?: boolean | null
  inputs?: Partial<Record<InterlockInput, InputReport>>
}

/** The machine with a store and a controller that the test answers for, on a clock that stands still. */
export class Rig {
  readonly clock = new VirtualClock()
  readonly store: Record<string, string> = {}
  readonly told: CommandTransition[] = []
  readonly recorded: { type: string; data: unknown }[] = []
  asked: { request: ShelvingRequest; command: string | null; notAfter: number }[] = []
  pending: string[] = []
  machine: InterlockMachine
  autoStore = true
  /** The custody lane is full: facts are refused, state alone is kept. */
  full = false

  readonly config: BankConfig

  constructor(more: Partial<BankConfig> = {}) {
    this.config = { ...bankConfig, ...more }
    this.machine = this.boot()
  }

  /** A new process on the same disk: what was not stored is forgotten. */
  boot(): InterlockMachine {
    this.pending = []
    this.machine = new InterlockMachine([this.config], fires, { ...this.store }, this.clock)
    this.run(this.machine.start())
    return this.machine
  }

  run(effects: Effect[]) {
    for (const e of effects) {
      if (e.do === 'tell') this.told.push(e.transition)
      if (e.do === 'ask') this.asked.push(e)
      if (e.do === 'store') {
        if (this.full && e.facts.length > 0) {
          if (e.token) this.run(this.machine.notStored(e.token))
          continue
        }
        this.recorded.push(...e.facts)
        for (const p of e.puts) {
          if (p.value === null) delete this.store[p.key]
          else this.store[p.key] = p.value
        }
        if (e.token) this.pending.push(e.token)
      }
    }
    if (this.autoStore) this.flush()
  }
  flush() {
    for (let id = this.pending.shift(); id; id = this.pending.shift())
      this.run(this.machine.stored(id))
  }

  see(s: Seen = {}) {
    this.run(
      this.machine.bankReported('B1', {
        observed: {
          bank: 'B1',
          mode: 'auto',
          motion: s.motion ?? 'still',
          openAisle: s.openAisle === undefined ? 1 : s.openAisle,
          ventilating: false,
          columns: [{ column: 2, xMm: s.xMm ?? 0, locked: s.locked ?? null }],
          faults: [],
        },
        inputs: { ...allClear, ...s.inputs },
      }),
    )
  }
  fire(state: InputReport, id = 'fire-panel') {
    this.run(this.machine.contactReported(id, state))
  }
  /** Everything well and fresh. */
  well(s: Seen = {}) {
    for (const f of fires) this.fire('clear', f.id)
    this.see(s)
  }
  pass(ms: number) {
    this.clock.advance(ms)
    this.run(this.machine.tick())
  }

  #next = 0
  ask(more: Partial<Request>): Request {
    const r: Request = {
      id: `c-${this.#next++}`,
      origin: 'server',
      bank: 'B1',
      verb: 'open',
      aisle: 2,
      requester: wang,
      approver: null,
      reason: null,
      purpose: null,
      expectedRevision: this.machine.bank('B1')?.observed?.revision ?? null,
      nonceUntil: this.clock.mono() + 5000,
      issuedAt: this.clock.now(),
      expiresAt: this.clock.now() + 5000,
      ...more,
    }
    this.run(this.machine.request(r))
    return r
  }
  release() {
    return this.ask({ verb: 'release', aisle: null, reason: '巡库后解除' })
  }
  /** Ready for motion: well, released. */
  ready() {
    this.well()
    this.release()
    this.asked = []
    return this
  }
  last(): CommandTransition | undefined {
    return this.told.at(-1)
  }
  motions() {
    return this.asked.filter((a) => ['open', 'close', 'ventilate'].includes(a.request.verb))
  }
}
