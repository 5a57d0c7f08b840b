import { pointOf, readPoint } from '../modbus/points.ts'
import type { Profile } from '../modbus/profile.ts'
import type { Blocks } from '../modbus/read.ts'
import { type BankStatus, modeOf, reportable, reportOf } from '../shelving/status.ts'
import type { ModbusShelving } from './kind.ts'

/** Turns what the controller said into what was observed; what it did not say is null or `unknown` (rule S6). Pure. */
export function observe(device: ModbusShelving, profile: Profile, blocks: Blocks): BankStatus {
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
  for (const input of reportable) inputs[input] = reportOf(flag(input))
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

const lockedOf = (value: number | null): boolean | null => (value === null ? null : value !== 0)

/** Aisle 0 is none in place; an aisle that this bank does not have is a fault, never a guess. */
function aisleOf(device: ModbusShelving, aisle: number | null) {
  if (aisle === null || aisle === 0) return { column: null, faults: [] }
  return device.columns.includes(aisle)
    ? { column: aisle, faults: [] }
    : { column: null, faults: [`unknown aisle ${aisle} in place`] }
}

function faultsOf(fault: boolean | null, code: number | null): string[] {
  if (code) return [`fault code ${code}`]
  return fault ? ['fault without a code'] : []
}
