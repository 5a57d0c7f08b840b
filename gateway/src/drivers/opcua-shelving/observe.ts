import { type NodeMap, perColumn, pointValue } from '../opcua/map.ts'
import { observePoints } from '../shelving/points.ts'
import type { BankStatus } from '../shelving/status.ts'
import type { OpcUaShelving } from './kind.ts'

/** Raw values by key; those of a row of columns as a list. What is not good is null. */
export type Values = ReadonlyMap<string, unknown>

/** What the nodes said, as an observation. */
export function observe(device: OpcUaShelving, map: NodeMap, values: Values): BankStatus {
  return observePoints(device, (key, column = 0) => {
    const point = map.points.find((p) => p.key === key)
    if (!point) return null
    const raw = values.get(key)
    return pointValue(point, perColumn(point) && Array.isArray(raw) ? raw[column] : raw)
  })
}
