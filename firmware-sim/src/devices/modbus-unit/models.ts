/**
 * Register maps of sensors, detectors and modules, each from its own text and not from a gateway's profile. What a
 * model shows follows from its loops: `closed` is normal, as on a normally-closed loop, and false is trouble.
 */
import type { Exception, Slave } from '../modbus/tcp-slave.ts'

export const unitModels = [
  'air',
  'jxbs',
  'smoke',
  'aspirating',
  'annunciator',
  'water',
  'door',
  'dio',
] as const
export type UnitModel = (typeof unitModels)[number]

/** The truth behind the registers. */
export interface UnitTruth {
  closed: readonly boolean[]
  temperature: number
  humidity: number
}

/** Those that show air and have no loops. */
export type AirModel = 'air' | 'jxbs'
export const isAir = (model: UnitModel): model is AirModel => model === 'air' || model === 'jxbs'

export const loopsOf: Readonly<Record<UnitModel, number>> = {
  air: 0,
  jxbs: 0,
  smoke: 8,
  aspirating: 5,
  annunciator: 8,
  water: 1,
  door: 2,
  dio: 8,
}

const illegalAddress: Exception = { exception: 2 }

/** The values of a table from an address on; "illegal address" where one of them is not there. */
const readAt =
  <T extends number | boolean>(table: () => Readonly<Record<number, T>>) =>
  (address: number, count: number): T[] | Exception => {
    const now = table()
    const values = Array.from({ length: count }, (_, i) => now[address + i])
    return values.every((v) => v !== undefined) ? values : illegalAddress
  }

const numbered = <T>(from: number, values: readonly T[]): Record<number, T> =>
  Object.fromEntries(values.map((v, i) => [from + i, v]))

const tenths = (value: number) => Math.round(value * 10) & 0xffff

/** XY-MD02: FC04 1 and 2 in tenths, FC03 0x0101 its own address. */
const air = (t: UnitTruth, unit: number): Slave => ({
  readInput: readAt(() => numbered(1, [tenths(t.temperature), tenths(t.humidity)])),
  readHolding: readAt(() => numbered(0x0101, [unit, 9600, 0, 0])),
})

/** JXBS and PR-3000 class: FC03 0 humidity and 1 temperature in tenths; its address and speed code from 0x07D0 on. */
const jxbs = (t: UnitTruth, unit: number): Slave => ({
  readHolding: readAt(() => ({
    ...numbered(0, [tenths(t.humidity), tenths(t.temperature)]),
    ...numbered(0x07d0, [unit, 2]),
  })),
})

/** SQR-2: FC02, eight inputs, 1 normal and 0 alarm. */
const smoke = (t: UnitTruth): Slave => ({
  readDiscrete: readAt(() => numbered(0, t.closed)),
})

/**
 * Aspirating detector: status 0 normal, 1 pre-alarm, 2 fire; fault bits; level in tenths of a percent; revision.
 * Register 0x0100 executes a reset, as the real ones have it: it counts how often somebody dared.
 */
function aspirating(t: UnitTruth, _unit: number, counts: { resets: number }): Slave {
  const [fire, preAlarm, general, airflow, power] = [0, 1, 2, 3, 4]
  const open = (loop: number) => t.closed[loop] === false
  const status = () => (open(fire) ? 2 : open(preAlarm) ? 1 : 0)
  const faults = () =>
    Number(open(general)) | (Number(open(airflow)) << 1) | (Number(open(power)) << 2)
  const level = () => [12, 410, 930][status()] as number
  return {
    readHolding: readAt(() => ({ ...numbered(0, [status(), faults(), level(), 7]), 256: 0 })),
    write: (address) => {
      if (address !== 0x0100) return illegalAddress
      counts.resets++
      return null
    },
  }
}

/** SmartAlarm: contact 40001…, alarm 40011…, disabled 40021…, and these numbers are the addresses on the wire. */
const annunciator = (t: UnitTruth): Slave => ({
  readHolding: readAt(() => ({
    ...numbered(
      40_001,
      t.closed.map((c) => (c ? 0 : 1)),
    ),
    ...numbered(
      40_011,
      t.closed.map((c, i) => (c ? 64 : t.closed.indexOf(false) === i ? 66 : 65)),
    ),
    ...numbered(
      40_021,
      t.closed.map(() => 5),
    ),
  })),
})

/** Leak sensor: FC03 0x0002 says 1 dry, 2 wet. */
const water = (t: UnitTruth): Slave => ({
  readHolding: readAt(() => ({ 2: t.closed[0] === false ? 2 : 1 })),
})

/** Inputs 0…7 as wired; each output follows its input inverted, like an alarm relay. */
const dio = (t: UnitTruth): Slave => ({
  readDiscrete: readAt(() => numbered(0, t.closed)),
  readCoils: readAt(() =>
    numbered(
      0,
      t.closed.map((c) => !c),
    ),
  ),
})

const makers: Readonly<
  Record<UnitModel, (t: UnitTruth, unit: number, counts: { resets: number }) => Slave>
> = { air, jxbs, smoke, aspirating, annunciator, water, door: smoke, dio }

export const slaveOf = (
  model: UnitModel,
  unit: number,
  truth: UnitTruth,
  counts: { resets: number },
): Slave => makers[model](truth, unit, counts)
