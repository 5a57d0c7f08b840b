import { randomUUID } from 'node:crypto'
import {
  configLimits,
  type DriverInfo,
  type ReportedConfig,
  type RunningDevice,
} from '@lantai/contracts'
import type { DriverKind } from '../drivers/driver.ts'
import type { ConfigKeeper } from './config-keeper.ts'

/** What the server is told of a driver: its words and the JSON Schema of its settings. */
export const driverInfo = (kind: DriverKind): DriverInfo => ({
  driver: kind.driver,
  words: kind.words,
  // As it goes over the wire: what TypeBox keeps beside JSON Schema does not.
  schema: JSON.parse(JSON.stringify(kind.schema)) as DriverInfo['schema'],
})

/** The parts of one report, none larger than the broker takes. */
export function reportParts(
  keeper: Pick<ConfigKeeper, 'running' | 'judged' | 'devices'>,
  kinds: Iterable<DriverKind>,
): ReportedConfig[] {
  const set = randomUUID()
  const drivers = [...kinds].map(driverInfo)
  const { version, sha256, at, by } = keeper.running
  const { judged, devices } = keeper
  return [
    {
      ...{ part: 'result', set, version, sha256, at, by, judged },
      ...{ devices: devices.length, drivers: drivers.length },
    },
    ...chunks(devices.map(({ entry, facets }) => ({ entry, facets }))).map(
      (some): ReportedConfig => ({ part: 'devices', set, devices: some }),
    ),
    ...drivers.map((driver): ReportedConfig => ({ part: 'driver', set, driver })),
  ]
}

function chunks(devices: readonly RunningDevice[]): RunningDevice[][] {
  const out: RunningDevice[][] = []
  let bytes = Number.POSITIVE_INFINITY
  for (const d of devices) {
    const size = Buffer.byteLength(JSON.stringify(d))
    if (bytes + size > configLimits.partBytes) {
      out.push([])
      bytes = 0
    }
    out.at(-1)?.push(d)
    bytes += size
  }
  return out
}
