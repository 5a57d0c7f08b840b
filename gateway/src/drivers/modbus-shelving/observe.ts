import { pointOf, readPoint } from '../modbus/points.ts'
import type { Profile } from '../modbus/profile.ts'
import type { Blocks } from '../modbus/read.ts'
import { observePoints } from '../shelving/points.ts'
import type { BankStatus } from '../shelving/status.ts'
import type { ModbusShelving } from './kind.ts'

/** What the registers said, as an observation. Columns follow each other in their block. */
export function observe(device: ModbusShelving, profile: Profile, blocks: Blocks): BankStatus {
  return observePoints(device, (key, column = 0) => {
    const point = pointOf(profile, key)
    if (!point) return null
    const value = readPoint(point, blocks.get(point.block) ?? [], column)
    return value.kind === 'value' ? value.value : null
  })
}
