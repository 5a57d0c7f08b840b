import { type DeviceEntry, type DriverInfo, hiddenSecret, mapSecrets } from '@lantai/contracts'
import { Errors } from 'typebox/value'
import type { FieldError } from '../../http/problem.ts'

/**
 * What is wrong with an entry by the schema of its driver, as its gateway told it. A driver that the gateway did not
 * name is an error; what no schema can say, the gateway says.
 */
export function entryErrors(drivers: readonly DriverInfo[], entry: DeviceEntry): FieldError[] {
  const info = drivers.find((d) => d.driver === entry.driver)
  if (!info) return [{ path: 'body/entry/driver', message: 'names no driver of this gateway' }]
  return Errors(info.schema, entry)
    .filter((e) => e.keyword !== 'additionalProperties')
    .slice(0, 20)
    .map((e) => ({
      path: `body/entry${e.instancePath}`.slice(0, 200),
      message: e.message === 'schema is false' ? 'is not known here' : e.message.slice(0, 300),
    }))
}

/** The entry as it may be shown. */
export function shown(drivers: readonly DriverInfo[], entry: DeviceEntry): DeviceEntry {
  const schema = drivers.find((d) => d.driver === entry.driver)?.schema
  return schema ? mapSecrets(schema, entry, () => hiddenSecret) : entry
}
