import {
  type BankReport,
  type Clock,
  type ClockQuality,
  type DeviceHealthState,
  type Facets,
  isFireMeans,
  type Quantity,
} from '@lantai/contracts'
import type { ConfigPlan } from '../core/config-plan.ts'
import type { InputReport, KnownDevice } from '../drivers/driver.ts'
import type { FirePoint } from '../interlock/fire.ts'
import { AirConditions } from './air.ts'
import { ContactConditions } from './contacts.ts'
import { firstWordMs } from './delayed.ts'
import { conditionKeys } from './keys.ts'
import { type Condition, Register, type Subject } from './register.ts'

/** A device may be away this long before it is an alarm: it comes back by itself after a hiccup. */
const offlineMs = 5000
/** Somebody reaches through a light curtain every day; a curtain that stays broken, or breaks in motion, is told. */
const obstacleMs = 30_000

/** What carries nothing but fire contacts has an alarm of its own, with the priority of fire. */
const onlyFire = ({ contacts, air, bank, reader }: Facets): boolean =>
  contacts?.every((c) => isFireMeans(c.means)) === true && !air && !bank && !reader

/** As `where.label` of a condition allows. */
const longestLabel = 120

const nowhere = { room: null, bank: null, device: null, box: null, label: null }

/** The alarm conditions that the edge decides (architecture 2): levels, contacts, links. Pure, on the clock given. */
export class Conditions {
  readonly register: Register
  readonly #air = new Map<string, AirConditions>()
  readonly #contacts = new Map<string, ContactConditions>()
  readonly #devices = new Map<string, KnownDevice>()
  /** Last words of devices about their fire points. */
  readonly #said = new Map<string, string>()
  readonly #clock: Clock

  constructor(
    devices: readonly KnownDevice[],
    restored: Record<string, string>,
    clock: Clock,
    tell: (condition: Condition) => void,
  ) {
    this.register = new Register(clock, restored, tell)
    this.#clock = clock
    for (const d of devices) this.#add(d)
  }

  #add(d: KnownDevice) {
    const { air, contacts } = d.facets
    const { id } = d.entry
    this.#devices.set(id, d)
    if (d.entry.disabled) return
    if (air) this.#air.set(id, new AirConditions(air, this.register, this.#clock))
    if (contacts) this.#contacts.set(id, new ContactConditions(id, contacts, this.register))
  }

  /**
   * The device list has changed: conditions of what is not there any more end, those of a changed device are judged
   * by its new limits, all others go on.
   */
  apply(plan: ConfigPlan) {
    const gone = [...plan.removed, ...plan.changed.map((c) => c.before)]
    for (const { entry } of gone) {
      this.#air.get(entry.id)?.stop()
      this.#air.delete(entry.id)
      this.#contacts.delete(entry.id)
      this.#devices.delete(entry.id)
    }
    const come = [...plan.added, ...plan.changed.map((c) => c.after)]
    const stay = new Set([...this.#devices.values(), ...come].flatMap(conditionKeys))
    for (const key of new Set(gone.flatMap(conditionKeys)))
      if (stay.has(key)) this.register.release(key)
      else this.register.end(key)
    for (const d of come) this.#add(d)
  }

  readings(device: string, sensor: string, values: Partial<Record<Quantity, number>>) {
    this.#air.get(device)?.reading(sensor, values)
  }
  sensorSilent(device: string, sensor: string, silent: boolean) {
    this.#air.get(device)?.sensorSilent(sensor, silent)
  }

  /** Every contact that is no fire signal, and what is known of it now. */
  contacts(): { id: string; state: InputReport }[] {
    return [...this.#contacts.values()].flatMap((c) => c.states())
  }

  contact(device: string, input: string, state: InputReport, text?: string) {
    if (state === 'active') this.#said.set(input, text ?? '')
    this.#contacts.get(device)?.report(input, state)
  }

  /** Loss of a sensor, panel or controller link is itself an alarm (S12). */
  health(device: string, state: DeviceHealthState) {
    const d = this.#devices.get(device)
    if (!d) return
    const offline = state === 'offline'
    if (state !== 'unknown') {
      this.#air.get(device)?.lineOffline(offline)
      this.#contacts.get(device)?.offline(offline)
    }
    if (onlyFire(d.facets)) return
    const { bank } = d.facets
    const place = { room: bank?.room ?? null, bank: bank?.bank ?? null }
    const where = { ...nowhere, device, label: d.entry.label, ...place }
    this.register
      .delayed(
        `deviceOffline:${device}`,
        { kind: 'deviceOffline', priority: 2, where },
        offlineMs,
        0,
      )
      .set(state === 'unknown' ? 'unknown' : offline)
  }

  /** Fire and smoke contacts with their latches, and the link to them (reliability 3.2). */
  fire(
    points: readonly FirePoint[],
    stateOf: (p: FirePoint) => 'active' | 'clear' | 'unknown',
    reset?: { by: string; reason: string },
  ) {
    for (const p of points) {
      const state = stateOf(p)
      const label = this.#labelOf(p)
      const where = { ...nowhere, room: p.room, device: p.device, label }
      if (p.means === 'panelFault') this.#fault(p, state, where)
      else this.#signal(p, state, where, reset)
    }
    for (const room of new Set(points.map((p) => p.room))) {
      const where = { ...nowhere, room }
      const lost = this.#fireLost(points.filter((p) => p.room === room && stateOf(p) === 'unknown'))
      this.register
        .delayed(`fireLinkLost:${room}`, { kind: 'fireLinkLost', priority: 1, where }, 2000, 0)
        .set(lost)
    }
  }

  /** With what the panel itself shows, so that whoever reads the alarm need not walk to it. */
  #labelOf(p: FirePoint): string {
    const said = this.#said.get(p.id)
    return (said ? `${p.label} · ${said}` : p.label).slice(0, longestLabel)
  }

  /** Right after a start nothing has been heard of yet: that is not the loss of a link (S12). */
  #fireLost(unheard: readonly FirePoint[]): boolean | 'unknown' {
    if (unheard.length === 0) return false
    const now = this.#clock.mono()
    return unheard.every((p) => p.at === null && now - p.since < firstWordMs) ? 'unknown' : true
  }

  #signal(
    p: FirePoint,
    state: 'active' | 'clear' | 'unknown',
    where: Condition['where'],
    reset?: { by: string; reason: string },
  ) {
    const key = `${p.means}:${p.id}`
    const kind = p.means === 'fire' ? 'fire' : 'smoke'
    const last = this.register.last(key)
    // Unknown is not the end of a fire.
    const active = state === 'unknown' ? (last?.active ?? false) : state === 'active'
    const latched = p.latchedSince !== null
    const unlatched = last?.latched && !latched && reset
    this.register.set(key, { kind, priority: 1, where }, active, {
      latched,
      ...(unlatched ? { resetBy: reset.by, resetReason: reset.reason } : {}),
    })
  }

  #fault(p: FirePoint, state: 'active' | 'clear' | 'unknown', where: Condition['where']) {
    if (state === 'unknown') return
    const subject: Subject = { kind: 'fireLinkLost', priority: 1, where }
    this.register.set(`panelFault:${p.id}`, subject, state === 'active')
  }

  /** What a shelving controller reports about itself. */
  bank(report: BankReport, room: string, label: string) {
    const where = { ...nowhere, room, bank: report.bank, label }
    const state = (input: string) => report.interlocks.find((i) => i.input === input)?.state
    const known = (input: string) => {
      const s = state(input)
      return s === 'active' ? true : s === 'clear' ? false : 'unknown'
    }
    const told = (kind: 'eStop' | 'controllerFault' | 'obstacle', onMs: number) =>
      this.register.delayed(`${kind}:${report.bank}`, { kind, priority: 2, where }, onMs, 0)
    told('eStop', 0).set(known('eStop'))
    told('controllerFault', 0).set(known('controllerFault'))
    const obstacle = known('obstacle')
    const inMotion = report.observed?.motion === 'moving'
    if (obstacle === true && inMotion)
      this.register.set(
        `obstacleInMotion:${report.bank}`,
        { kind: 'obstacle', priority: 2, where },
        true,
      )
    if (obstacle === false)
      this.register.set(
        `obstacleInMotion:${report.bank}`,
        { kind: 'obstacle', priority: 2, where },
        false,
      )
    told('obstacle', obstacleMs).set(obstacle)
  }

  storage(gateway: string, full: boolean) {
    const where = { ...nowhere, device: gateway }
    this.register.set(`storageFull:${gateway}`, { kind: 'storageFull', priority: 2, where }, full)
  }
  clock(gateway: string, quality: ClockQuality) {
    const where = { ...nowhere, device: gateway }
    const subject: Subject = { kind: 'clockSuspect', priority: 3, where }
    this.register.set(`clockSuspect:${gateway}`, subject, quality === 'suspect')
  }

  stop() {
    for (const a of this.#air.values()) a.stop()
    this.register.stop()
  }
}
