import type { Clock, ConditionKind, Facets, Quantity } from '@lantai/contracts'
import { millis, quantities, type Timer } from '@lantai/contracts'
import { beyond, firstWordMs } from './delayed.ts'
import type { Register, Subject } from './register.ts'

type AirLine = NonNullable<Facets['air']>
type Unit = AirLine['sensors'][number]
type Band = { deadband: number } & Partial<Record<Side, number>>

const sides = ['high', 'low'] as const
type Side = (typeof sides)[number]

/** A side without a kind raises no alarm, nor does one without a limit in the device list. */
const kinds: Readonly<Record<Quantity, { unit: string } & Partial<Record<Side, ConditionKind>>>> = {
  temperature: { high: 'temperatureHigh', low: 'temperatureLow', unit: 'Cel' },
  humidity: { high: 'humidityHigh', low: 'humidityLow', unit: '%RH' },
}

/** Keys of every condition that the sensors of a line can have under these limits. */
export const airKeys = ({ sensors, limits }: AirLine): string[] =>
  sensors.flatMap(({ id }) => [
    `sensorSilent:${id}`,
    ...quantities.flatMap((quantity) =>
      sides.flatMap((side) => {
        const band: Band | undefined = limits[quantity]
        const kind = kinds[quantity][side]
        return kind && band?.[side] !== undefined ? [`${kind}:${id}`] : []
      }),
    ),
  ])

/** Limits of the air sensors of one line, and their silence. A silent sensor changes no limit: its air is unknown. */
export class AirConditions {
  readonly #line: AirLine
  readonly #register: Register
  readonly #clock: Clock
  readonly #silence = new Map<string, Timer>()
  readonly #values = new Map<string, number>()
  #offline = false

  constructor(line: AirLine, register: Register, clock: Clock) {
    this.#line = line
    this.#register = register
    this.#clock = clock
    for (const u of line.sensors) this.#await(u, firstWordMs)
  }

  reading(sensor: string, values: Partial<Record<Quantity, number>>) {
    const unit = this.#line.sensors.find((u) => u.id === sensor)
    if (!unit) return
    this.#await(unit)
    this.#silent(unit, false)
    for (const quantity of quantities) {
      const value = values[quantity]
      if (value !== undefined) this.#judge(unit, quantity, value)
    }
  }

  /** The driver's word that a sensor gave no usable value; three silent intervals make it an alarm. */
  sensorSilent(sensor: string, silent: boolean) {
    const unit = this.#line.sensors.find((u) => u.id === sensor)
    if (!unit || !silent) return
    for (const quantity of quantities) this.#limits(unit, quantity, 'unknown')
  }

  /** All units of a line that is gone are one alarm, that of the line (devices 3.1). */
  lineOffline(offline: boolean) {
    if (this.#offline === offline) return
    this.#offline = offline
    for (const u of this.#line.sensors) {
      if (!offline) this.#await(u)
      else for (const quantity of quantities) this.#limits(u, quantity, 'unknown')
    }
  }

  #judge(unit: Unit, quantity: Quantity, value: number) {
    this.#values.set(`${unit.id}.${quantity}`, value)
    this.#limits(unit, quantity, value)
  }

  #limits(unit: Unit, quantity: Quantity, value: number | 'unknown') {
    const { onDelayMs, offDelayMs } = this.#line.limits
    const band: Band | undefined = this.#line.limits[quantity]
    for (const side of sides) {
      const [kind, limit] = [kinds[quantity][side], band?.[side]]
      if (band === undefined || kind === undefined || limit === undefined) continue
      const d = this.#register.delayed(
        `${kind}:${unit.id}`,
        this.#subject(unit, kind, limit, kinds[quantity].unit),
        onDelayMs,
        offDelayMs,
        () => this.#values.get(`${unit.id}.${quantity}`) ?? null,
      )
      d.set(value === 'unknown' ? value : beyond(value, limit, band.deadband, side, d.active))
    }
  }

  #subject(unit: Unit, kind: ConditionKind, limit: number, measure: string): Subject {
    return {
      kind,
      priority: 2,
      limit,
      unit: measure,
      where: { room: unit.room, bank: null, device: unit.id, box: null, label: unit.label },
    }
  }

  #await(unit: Unit, moreMs = 0) {
    this.#silence.get(unit.id)?.cancel()
    const wait = millis(this.#line.everyMs * 3 + moreMs)
    this.#silence.set(
      unit.id,
      this.#clock.after(wait, () => {
        if (!this.#offline) this.#silent(unit, true)
      }),
    )
  }

  #silent(unit: Unit, silent: boolean) {
    const where = { room: unit.room, bank: null, device: unit.id, box: null, label: unit.label }
    this.#register.set(
      `sensorSilent:${unit.id}`,
      { kind: 'sensorSilent', priority: 3, where },
      silent,
    )
    if (silent) for (const q of quantities) this.#limits(unit, q, 'unknown')
  }

  stop() {
    for (const t of this.#silence.values()) t.cancel()
  }
}
