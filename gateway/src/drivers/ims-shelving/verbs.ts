import type { ShelvingRequest } from '../driver.ts'
import { numberOf } from '../shelving/place.ts'
import type { ImsFrame } from './frames.ts'
import type { ImsShelving } from './kind.ts'

/** The frame of a request; null where the controller has no such verb, or where nobody has said which side is left. */
export function frameOf(device: ImsShelving, { verb, aisle }: ShelvingRequest): ImsFrame | null {
  const bank = device.number
  switch (verb) {
    case 'close':
      return { bank, verb: 'CLOSED', column: 0 }
    case 'ventilate':
      return { bank, verb: 'VENTILATION', column: 0 }
    case 'stop':
      return { bank, verb: 'STOP', column: 0 }
    case 'open': {
      const column = aisle === null ? null : numberOf(device, aisle)
      if (column === null || device.leftIs === undefined) return null
      // An aisle lies on the higher side of the column that names it.
      return { bank, verb: device.leftIs === 'higher' ? 'LEFTOPEN' : 'RIGHTOPEN', column }
    }
    default:
      return null
  }
}
