/**
 * The hidden truth, put together: boxes, air, contacts, steel. It moves with a clock that is passed in, tells
 * each device only what that device could sense, and remembers what changed.
 */
import { type Clock, millis } from '@lantai/contracts'
import {
  cartOdometer,
  cartReader,
  contactModule,
  contacts,
  deskReader,
  gateReader,
  shelfId,
} from '../devices/device-file.ts'
import type { DeviceState, FieldTag, ToDevice } from '../devices/messages.ts'
import type { BankEvent, BankSaved } from '../devices/shelving/controller.ts'
import { Air, type AirSaved } from './air.ts'
import { Cart, type Visit } from './cart/cart.ts'
import type { Planted } from './cart/store-face.ts'
import { airSensors } from './catalogue/layout.ts'
import type { Store } from './catalogue/store.ts'
import { type Direction, gateDistances } from './door.ts'
import { Places, type PlacesSaved } from './places.ts'
import type { Rng } from './rng.ts'

const stepMs = 100
const airEveryMs = 1000
const nothing: Planted = { dead: [], obstructed: [] }
const ignore = () => undefined
/** A box on the desk lies about this far from the antenna below it. */
const deskMm = 320

/** The state file: only what differs from a fresh store. */
export interface WorldSaved {
  readonly version: 1
  readonly seed: string
  readonly places: PlacesSaved
  readonly air: AirSaved
  readonly alarms: readonly string[]
  readonly banks: Readonly<Record<string, BankSaved>>
}

/** The devices as the world knows them. */
export interface Devices {
  /** Resolves when the device has taken it in; rejects when it is down. */
  send(device: string, message: ToDevice): Promise<void>
}

export interface WorldOptions {
  readonly clock: Clock
  readonly rng: Rng
  readonly seed: string
  readonly store: Store
  readonly saved: WorldSaved | null
  readonly devices: Devices
  readonly save: (state: WorldSaved) => void
  /** A device that is down hears the truth when it is back; others must not fail silently. */
  readonly onUndelivered: (device: string, cause: unknown) => void
}

interface Carry {
  readonly tag: { epc: string; tid: string | null }
  readonly code: string | null
  readonly direction: Direction
  readonly durationMs: number
  readonly startedAt: number
}

/** Something that is not in this world. */
export class Unknown extends Error {}

export class World {
  readonly air: Air
  readonly places: Places
  readonly cart: Cart
  readonly #o: WorldOptions
  #carries: Carry[] = []
  #alarms: Set<string>
  #banks: Record<string, BankSaved>
  #busy = new Set<string>()
  #idleWaiters: (() => void)[] = []
  #airAt: number
  #stopped = false

  constructor(options: WorldOptions) {
    this.#o = options
    const { saved, store } = options
    const mine = saved?.seed === options.seed ? saved : null
    const lent = store.loans.map((l) => l.box)
    this.places = new Places(store.boxes, lent, mine?.places)
    this.air = new Air(
      airSensors.map((s) => s.id),
      options.rng.fork('air'),
      mine?.air,
    )
    this.cart = new Cart(options.seed, this.places, options.clock)
    this.#alarms = new Set(mine?.alarms)
    this.#banks = { ...mine?.banks }
    this.#airAt = options.clock.mono()
    this.air.advance(0, options.clock.now())
  }

  start(): void {
    this.#o.clock.after(millis(stepMs), () => this.#step())
  }
  stop(): void {
    this.#stopped = true
    this.#o.save(this.saved)
  }

  get saved(): WorldSaved {
    return {
      version: 1,
      seed: this.#o.seed,
      places: this.places.saved,
      air: this.air.saved,
      alarms: [...this.#alarms],
      banks: this.#banks,
    }
  }
  bankSaved(bank: string): BankSaved | null {
    return this.#banks[bank] ?? null
  }
  get alarms(): readonly string[] {
    return [...this.#alarms]
  }

  /** Nothing is carried, no air is on its way, no steel moves, no burst runs. */
  get idle(): boolean {
    return this.#carries.length === 0 && !this.air.busy && this.#busy.size === 0
  }
  /** Calls once when the world is idle, at once if it is. */
  whenIdle(done: () => void): void {
    if (this.idle) done()
    else this.#idleWaiters.push(done)
  }
  /** Takes a waiter back that has lost patience. */
  forget(done: () => void): void {
    this.#idleWaiters = this.#idleWaiters.filter((w) => w !== done)
  }

  /** Puts a box somewhere: `home`, an address down to the slot, `desk-1`, `carried`, `outside`. */
  async place(code: string, at: string): Promise<void> {
    this.places.put(code, at)
    this.#changed()
    await this.#tellDesk()
  }

  /** Walks with a tag through the door, out or in. Done when the walk begins; `idle` tells its end. */
  async carry(
    tag: Carry['tag'],
    code: string | null,
    direction: Direction,
    durationMs: number,
  ): Promise<void> {
    if (code) this.places.put(code, 'carried')
    this.#carries.push({ tag, code, direction, durationMs, startedAt: this.#o.clock.mono() })
    this.#changed()
    await Promise.all([this.#tellDesk(), this.#tellGate()])
  }

  /** Sets a contact. The loop is normally closed, so that an alarm opens it. */
  async contact(input: string, alarm: boolean): Promise<void> {
    if (!contacts.some((c) => c.id === input)) throw new Unknown(`no contact ${input}`)
    if (alarm) this.#alarms.add(input)
    else this.#alarms.delete(input)
    this.#changed()
    await this.#o.devices.send(contactModule, this.#contactMessage())
  }

  async bank(bank: string, event: BankEvent): Promise<void> {
    if (!this.#o.store.layout.banks.some((b) => b.bank === bank))
      throw new Unknown(`no bank ${bank}`)
    await this.#o.devices.send(shelfId(bank), { type: 'bank', event })
  }

  /** The cart is put before a face, or back into its corner (null). */
  async standCart(face: string | null, planted: Planted): Promise<Visit | null> {
    const visit = face === null ? this.cart.away() : this.cart.visit(face, planted)
    await this.#tellCart(this.cart.messages)
    return visit
  }
  /** It is walked along that face: to the right, or back. Done when the walk begins; `idle` tells its end. */
  async walkCart(speedMmPerS: number, back: boolean): Promise<void> {
    this.cart.walk(speedMmPerS, back)
    // Not idle from now on, although the odometer has not moved yet.
    this.#busy.add(cartOdometer)
    await this.#tellCart(this.cart.messages.slice(-1))
  }

  /** A device is (again) there: what it can sense now. */
  async deviceUp(device: string): Promise<void> {
    if (device === contactModule) await this.#o.devices.send(device, this.#contactMessage())
    if (device === deskReader) await this.#tellDesk()
    if (device === gateReader) await this.#tellGate()
    if (device === 'air-1') await this.#o.devices.send(device, this.#airMessage())
    if (device === cartReader || device === cartOdometer)
      for (const message of this.cart.messages) await this.#o.devices.send(device, message)
  }

  deviceState(device: string, state: DeviceState): void {
    if (state.bank) {
      const bank = this.#o.store.layout.banks.find((b) => shelfId(b.bank) === device)?.bank
      if (bank) this.#banks[bank] = state.bank
      this.#changed()
    }
    if (state.busy) this.#busy.add(device)
    else this.#busy.delete(device)
    this.#announceIdle()
  }
  /** A device that is down moves nothing. */
  deviceDown(device: string): void {
    this.#busy.delete(device)
    this.#announceIdle()
  }

  #step(): void {
    if (this.#stopped) return
    const now = this.#o.clock.mono()
    if (this.#carries.length > 0) this.#walk(now)
    if (this.cart.isForgotten) this.#deliver(cartReader, this.standCart(null, nothing).then(ignore))
    const since = now - this.#airAt
    if (since >= airEveryMs || this.air.busy) {
      this.#airAt = now
      const wasBusy = this.air.busy
      this.air.advance(since, this.#o.clock.now())
      this.#deliver('air-1', this.#o.devices.send('air-1', this.#airMessage()))
      if (wasBusy && !this.air.busy) this.#changed()
    }
    this.#announceIdle()
    this.#o.clock.after(millis(stepMs), () => this.#step())
  }

  #walk(now: number): void {
    const arrived = this.#carries.filter((c) => now - c.startedAt >= c.durationMs)
    this.#carries = this.#carries.filter((c) => !arrived.includes(c))
    for (const c of arrived)
      if (c.code) this.places.put(c.code, c.direction === 'out' ? 'outside' : 'carried')
    if (arrived.length > 0) this.#changed()
    this.#deliver(gateReader, this.#tellGate())
  }

  #tellDesk(): Promise<void> {
    const tags = this.places.at('desk-1').flatMap((code) => {
      const box = this.places.byCode(code)
      return box ? [{ epc: box.epc, tid: box.tid, distanceMm: { 1: deskMm } }] : []
    })
    return this.#o.devices.send(deskReader, { type: 'field', tags })
  }

  #tellGate(): Promise<void> {
    const now = this.#o.clock.mono()
    const tags = this.#carries.map(
      (c): FieldTag => ({
        ...c.tag,
        distanceMm: gateDistances(c.direction, (now - c.startedAt) / c.durationMs),
      }),
    )
    return this.#o.devices.send(gateReader, { type: 'field', tags })
  }

  async #tellCart(messages: readonly ToDevice[]): Promise<void> {
    for (const message of messages)
      await Promise.all(
        [cartReader, cartOdometer].map((device) => this.#o.devices.send(device, message)),
      )
  }

  #airMessage(): ToDevice {
    const values = airSensors.map((s, i) => [i + 1, this.air.value(s.id)] as const)
    return { type: 'air', air: Object.fromEntries(values) }
  }
  #contactMessage(): ToDevice {
    return { type: 'contacts', closed: contacts.map((c) => !this.#alarms.has(c.id)) }
  }

  #deliver(device: string, sent: Promise<void>): void {
    sent.catch((cause: unknown) => this.#o.onUndelivered(device, cause))
  }
  #changed(): void {
    this.#o.save(this.saved)
  }
  #announceIdle(): void {
    if (!this.idle) return
    const waiters = this.#idleWaiters
    this.#idleWaiters = []
    for (const w of waiters) w()
  }
}
