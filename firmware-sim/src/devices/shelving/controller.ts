/**
 * The field controller of one bank: takes verbs, refuses as its map says, and is the only safety function
 * (reliability 3). It knows nothing of the wire. Status follows from positions, never from the command.
 */
import * as steel from './carriages.ts'

export type Verb =
  | 'open'
  | 'close'
  | 'ventilate'
  | 'stop'
  | 'forbid'
  | 'clearForbid'
  | 'lock'
  | 'unlock'

/** Register 0x0013 of the map. */
export const answers = {
  none: 0,
  accepted: 1,
  eStop: 2,
  obstacle: 3,
  forbid: 4,
  manual: 5,
  moving: 6,
  badAisle: 7,
  fault: 8,
  locked: 9,
} as const
export type Answer = keyof typeof answers

/** What happens to the steel from outside: people, things, mains. */
export type BankEvent =
  | { event: 'obstruct' | 'clear' | 'eStop' | 'eStopReset' | 'occupied' | 'vacant' }
  | { event: 'gateOpen' | 'gateClosed' }
  | { event: 'powerOff' | 'powerOn' | 'night' | 'day' | 'repair' | 'auto' }
  | { event: 'manual'; aisle?: number | undefined }
  | { event: 'jam'; column: number }
  | { event: 'speed'; factor: number }

/** What survives a restart of the simulator: where the steel stands and what is switched. */
export interface BankSaved {
  readonly x: readonly number[]
  readonly eStop: boolean
  readonly obstacle: boolean
  readonly occupied: boolean
  /** The gate before the aisles stands open. */
  readonly gate?: boolean
  readonly forbid: boolean
  readonly manual: boolean
  readonly night: boolean
  readonly mains: boolean
  readonly faultCode: number
  readonly jammed: number
  /** Columns that are held where they stand. */
  readonly held?: readonly number[]
}

/** A carriage that does not move although it is driven. */
export const faultJam = 11
const jamAfterMs = 1500
const stepS = 0.01

export class BankController {
  readonly rail: steel.Rail
  readonly #drive: steel.Drive
  #carriages: steel.Carriage[]
  #flags: Omit<BankSaved, 'x'>
  #factor = 1
  #stuckMs = 0
  verbsAccepted = 0
  lastAnswer: Answer = 'none'

  constructor(rail: steel.Rail, saved: BankSaved | null, drive = steel.standardDrive) {
    this.rail = rail
    this.#drive = drive
    const x =
      saved?.x.length === rail.columns.length
        ? saved.x
        : steel.openPositions(rail, rail.columns[0]?.column ?? 0)
    // Whatever was under way stands still: nothing resumes by itself.
    this.#carriages = x.map((at) => ({ x: at, v: 0, target: null }))
    const { x: _, ...flags } = saved ?? fresh
    this.#flags = flags
  }

  get saved(): BankSaved {
    return { ...this.#flags, x: this.#carriages.map((c) => Math.round(c.x * 10) / 10) }
  }

  status() {
    const moving = steel.anyMoving(this.#carriages) || steel.anyDriven(this.#carriages)
    return {
      ...this.#flags,
      moving,
      openAisle: moving ? null : steel.openAisleOf(this.rail, this.#carriages),
      ventilating: !moving && steel.isVentilated(this.rail, this.#carriages),
      x: this.#carriages.map((c) => c.x),
      limits: steel.limitSwitches(this.rail, this.#carriages),
      locked: this.#flags.forbid || this.#flags.eStop || !this.#flags.mains,
      /** Of each column: held by itself, or with all others. */
      held: this.rail.columns.map((c) => this.#held.includes(c.column)),
    }
  }

  get #held(): readonly number[] {
    return this.#flags.held ?? []
  }

  /** `aisle`: for lock and unlock the column. */
  command(verb: Verb, aisle: number): Answer {
    this.lastAnswer = this.#refusal(verb, aisle) ?? 'accepted'
    if (this.lastAnswer === 'accepted') {
      this.verbsAccepted = (this.verbsAccepted + 1) & 0xffff
      this.#obey(verb, aisle)
    }
    return this.lastAnswer
  }

  event(e: BankEvent): void {
    const flag = flagOf[e.event]
    if (flag) this.#flags = { ...this.#flags, ...flag }
    if (stops.has(e.event)) this.#carriages = steel.brake(this.#carriages)
    if (e.event === 'speed') this.#factor = e.factor
    if (e.event === 'jam') {
      const jammed = this.rail.columns.findIndex((c) => c.column === e.column)
      this.#flags = { ...this.#flags, jammed }
    }
    if (e.event === 'manual') this.#byHand(e.aisle)
  }

  /** Its processor starts again: drives off, counters from zero, and nothing resumes. */
  reboot(): void {
    this.#carriages = steel.brake(this.#carriages)
    this.verbsAccepted = 0
    this.lastAnswer = 'none'
  }

  /** Lets `ms` of real time pass. */
  advance(ms: number): void {
    let left = (ms / 1000) * this.#factor
    while (left > 1e-9 && this.status().moving) {
      const dt = Math.min(stepS, left)
      const before = this.#carriages
      this.#carriages = steel.step(this.rail, this.#drive, before, dt, this.#flags.jammed)
      this.#watchMotors(before, dt)
      left -= dt
    }
  }

  #refusal(verb: Verb, aisle: number): Answer | null {
    if (verb === 'stop' || verb === 'forbid' || verb === 'clearForbid') return null
    const known = this.rail.columns.some((c) => c.column === aisle)
    if (verb === 'lock' || verb === 'unlock') {
      if (!known) return 'badAisle'
      return this.status().moving ? 'moving' : null
    }
    const f = this.#flags
    if (f.eStop) return 'eStop'
    if (f.faultCode !== 0 || !f.mains) return 'fault'
    if (f.forbid || f.night) return 'forbid'
    if (f.manual) return 'manual'
    if (f.obstacle || f.occupied || f.gate) return 'obstacle'
    if (this.status().moving) return 'moving'
    if (verb === 'open' && !known) return 'badAisle'
    return this.#wouldMoveHeld(this.#positions(verb, aisle)) ? 'locked' : null
  }

  #positions(verb: Verb, aisle: number): number[] {
    if (verb === 'open') return steel.openPositions(this.rail, aisle)
    if (verb === 'close') return steel.closedPositions(this.rail)
    return steel.ventilatedPositions(this.rail)
  }
  #wouldMoveHeld(positions: readonly number[]): boolean {
    const driven = steel.driveTo(this.#carriages, positions)
    return driven.some((c, i) => {
      const column = this.rail.columns[i]?.column ?? 0
      return c.target !== null && this.#held.includes(column)
    })
  }

  #obey(verb: Verb, aisle: number): void {
    if (verb === 'open' || verb === 'close' || verb === 'ventilate') {
      this.#stuckMs = 0
      this.#carriages = steel.driveTo(this.#carriages, this.#positions(verb, aisle))
    } else if (verb === 'lock' || verb === 'unlock') {
      const others = this.#held.filter((c) => c !== aisle)
      this.#flags = { ...this.#flags, held: verb === 'lock' ? [...others, aisle] : others }
    } else this.#carriages = steel.brake(this.#carriages)
    if (verb === 'forbid') this.#flags = { ...this.#flags, forbid: true }
    if (verb === 'clearForbid') this.#flags = { ...this.#flags, forbid: false }
  }

  /** Somebody turns the handle; curtain and e-stop brake hold against the hand as well. */
  #byHand(aisle: number | undefined): void {
    this.#flags = { ...this.#flags, manual: true }
    this.#carriages = steel.brake(this.#carriages)
    const free = !this.#flags.eStop && !this.#flags.obstacle
    if (aisle !== undefined && free && this.rail.columns.some((c) => c.column === aisle))
      this.#carriages = steel.driveTo(this.#carriages, steel.openPositions(this.rail, aisle))
  }

  /** Driven and nothing moves: the motor's current rises, and the controller gives up with a fault. */
  #watchMotors(before: readonly steel.Carriage[], seconds: number): void {
    const stuck = this.#carriages.every((c, i) => c.x === before[i]?.x)
    this.#stuckMs = stuck ? this.#stuckMs + seconds * 1000 : 0
    if (this.#stuckMs < jamAfterMs) return
    this.#carriages = steel.brake(this.#carriages)
    this.#flags = { ...this.#flags, faultCode: faultJam }
  }
}

const fresh: BankSaved = {
  x: [],
  eStop: false,
  obstacle: false,
  occupied: false,
  forbid: false,
  manual: false,
  night: false,
  mains: true,
  faultCode: 0,
  jammed: -1,
}

const flagOf: Partial<Record<BankEvent['event'], Partial<BankSaved>>> = {
  obstruct: { obstacle: true },
  clear: { obstacle: false },
  eStop: { eStop: true },
  eStopReset: { eStop: false },
  occupied: { occupied: true },
  vacant: { occupied: false },
  gateOpen: { gate: true },
  gateClosed: { gate: false },
  powerOff: { mains: false },
  powerOn: { mains: true },
  night: { night: true },
  day: { night: false },
  auto: { manual: false },
  repair: { faultCode: 0, jammed: -1 },
}
/** Events that switch the drives off; none of their opposites switches them on again. */
const stops = new Set<BankEvent['event']>([
  'obstruct',
  'eStop',
  'occupied',
  'gateOpen',
  'powerOff',
  'auto',
])
