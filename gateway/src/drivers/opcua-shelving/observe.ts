import { type NodeMap, perColumn, pointValue } from '../opcua/map.ts'
import { type BankStatus, modeOf, reportable, reportOf } from '../shelving/status.ts'
import type { OpcUaShelving } from './kind.ts'

/** Raw values by key; those of a row of columns as a list. What is not good is null. */
export type Values = ReadonlyMap<string, unknown>

/** Turns what the controller said into what was observed; what it did not say is null or `unknown` (rule S6). Pure. */
export function observe(device: OpcUaShelving, map: NodeMap, values: Values): BankStatus {
  const read = (key: string, column = 0): number | null => {
    const point = map.points.find((p) => p.key === key)
    if (!point) return null
    const raw = values.get(key)
    return pointValue(point, perColumn(point) && Array.isArray(raw) ? raw[column] : raw)
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
function aisleOf(device: OpcUaShelving, aisle: number | null) {
  if (aisle === null || aisle === 0) return { column: null, faults: [] }
  return device.columns.includes(aisle)
    ? { column: aisle, faults: [] }
    : { column: null, faults: [`unknown aisle ${aisle} in place`] }
}

function faultsOf(fault: boolean | null, code: number | null): string[] {
  if (code) return [`fault code ${code}`]
  return fault ? ['fault without a code'] : []
}
