import { type BankStatus, modeOf, reportable, reportOf, type ShelvingPlace } from './status.ts'

/** The value of a named point of a controller's map, for a column of the rail where it has one each; null when not known. */
export type ReadPoint = (key: string, column?: number) => number | null

/**
 * Turns what a controller with a map of points said into what was observed; what it did not say is null or `unknown`
 * (rule S6). Pure. Points: moving, openAisle, ventilating, manual, night, eStop …, xMm and locked for each column,
 * faultCode, columnCount, uptime.
 */
export function observePoints(place: ShelvingPlace, read: ReadPoint): BankStatus {
  const flag = (key: string): boolean | null => {
    const value = read(key)
    return value === null ? null : value !== 0
  }
  const count = read('columnCount')
  const rightCount = count === null || count === place.columns.length
  const moving = flag('moving')
  const aisle = aisleOf(place, read('openAisle'))
  const inputs: BankStatus['inputs'] = { link: 'clear' }
  for (const input of reportable) inputs[input] = reportOf(flag(input))
  // Positions of another bank would be shown as ours: it may not move until a person has looked.
  if (!rightCount) inputs.controllerFault = 'unknown'
  return {
    inputs,
    uptimeS: read('uptime'),
    observed: {
      bank: place.bank,
      mode: modeOf(flag('manual'), flag('night')),
      motion: moving === null ? 'unknown' : moving ? 'moving' : 'still',
      openAisle: aisle.column,
      ventilating: flag('ventilating'),
      columns: place.columns.map((column, i) => ({
        column,
        xMm: rightCount ? read('xMm', i) : null,
        locked: rightCount ? lockedOf(read('locked', i)) : null,
      })),
      faults: [
        ...faultsOf(flag('controllerFault'), read('faultCode')),
        ...aisle.faults,
        ...(rightCount ? [] : [`controller has ${count} columns, not ${place.columns.length}`]),
      ],
    },
  }
}

const lockedOf = (value: number | null): boolean | null => (value === null ? null : value !== 0)

/** Aisle 0 is none in place; an aisle that this bank does not have is a fault, never a guess. */
function aisleOf(place: ShelvingPlace, aisle: number | null) {
  if (aisle === null || aisle === 0) return { column: null, faults: [] }
  return place.columns.includes(aisle)
    ? { column: aisle, faults: [] }
    : { column: null, faults: [`unknown aisle ${aisle} in place`] }
}

function faultsOf(fault: boolean | null, code: number | null): string[] {
  if (code) return [`fault code ${code}`]
  return fault ? ['fault without a code'] : []
}
