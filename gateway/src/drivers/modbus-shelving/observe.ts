import type { BankObserved, InterlockInput } from '@lantai/contracts'
import type { InputReport } from '../driver.ts'
import { pointOf, readPoint } from '../modbus/points.ts'
import type { Profile } from '../modbus/profile.ts'
import type { Blocks } from '../modbus/read.ts'
import type { ModbusShelving } from './kind.ts'

export type ShelvingDevice = ModbusShelving
export type Observed = Omit<BankObserved, 'revision'>
export interface BankStatus {
  observed: Observed
  inputs: Partial<Record<InterlockInput, InputReport>>
  /** Seconds since the controller started; null where its map has none. */
  uptimeS: number | null
}

/** Inputs that a controller may report by a point of the same name. `link` is ours; `fire` is never its. */
const reported = [
  'eStop',
  'obstacle',
  'occupied',
  'forbid',
  'manual',
  'night',
  'controllerFault',
  'power',
] as const satisfies InterlockInput[]

/** Turns what the controller said into what was observed; what it did not say is null or `unknown` (rule S6). Pure. */
export function observe(device: ShelvingDevice, profile: Profile, blocks: Blocks): BankStatus {
  const read = (key: string, shift = 0): number | null => {
    const point = pointOf(profile, key)
    if (!point) return null
    const value = readPoint(point, blocks.get(point.block) ?? [], shift)
    return value.kind === 'value' ? value.value : null
  }
  const flag = (key: string): boolean | null => {
    const value = read(key)
    return value === null ? null : value !== 0
  }
  const count = read('columnCount')
  const rightCount = count === null || count === device.columns.length
  const moving = flag('moving')
  const aisle = aisleOf(device, read('openAisle'))
  const inputs: BankStatus['inputs'] = { link: 'clear' }
  for (const input of reported) inputs[input] = reportOf(flag(input))
  // Positions of another bank would be shown as ours: it may not move until a person has looked.
  if (!rightCount) inputs.controllerFault = 'unknown'
  return {
    inputs,
    uptimeS: read('uptime'),
    observed: {
      bank: device.bank,
      mode: modeOf(flag('manual'), flag('night')),
      motion: moving === null ? 'unknown' : moving ? 'moving' : 'still',
      openAisle: aisle.column,
      ventilating: flag('ventilating'),
      columns: device.columns.map((column, i) => ({
        column,
        xMm: rightCount ? read('xMm', i) : null,
        locked: rightCount ? lockedOf(read('locked', i)) : null,
      })),
      faults: [
        ...faultsOf(flag('controllerFault'), read('faultCode')),
        ...aisle.faults,
        ...(rightCount ? [] : [`controller has ${count} columns, not ${device.columns.length}`]),
      ],
    },
  }
}

/** What is known of a bank that cannot be heard: nothing. */
export function unheard(device: ShelvingDevice): Omit<BankStatus, 'uptimeS'> {
  const inputs: BankStatus['inputs'] = { link: 'active' }
  for (const input of reported) inputs[input] = 'unknown'
  return {
    inputs,
    observed: {
      bank: device.bank,
      mode: 'unknown',
      motion: 'unknown',
      openAisle: null,
      ventilating: null,
      columns: device.columns.map((column) => ({ column, xMm: null, locked: null })),
      faults: [],
    },
  }
}

const reportOf = (on: boolean | null): InputReport =>
  on === null ? 'unknown' : on ? 'active' : 'clear'

const lockedOf = (value: number | null): boolean | null => (value === null ? null : value !== 0)

function modeOf(manual: boolean | null, night: boolean | null): Observed['mode'] {
  if (manual) return 'manual'
  if (night) return 'night'
  return manual === null || night === null ? 'unknown' : 'auto'
}

/** Aisle 0 is none in place; an aisle that this bank does not have is a fault, never a guess. */
function aisleOf(device: ShelvingDevice, aisle: number | null) {
  if (aisle === null || aisle === 0) return { column: null, faults: [] }
  return device.columns.includes(aisle)
    ? { column: aisle, faults: [] }
    : { column: null, faults: [`unknown aisle ${aisle} in place`] }
}

function faultsOf(fault: boolean | null, code: number | null): string[] {
  if (code) return [`fault code ${code}`]
  return fault ? ['fault without a code'] : []
}
