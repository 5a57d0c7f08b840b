import { AirLimits, AirPoint, Closed, Name } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { common, lineClaims, lineName, ModbusLine, words } from '../schema.ts'

/** Air sensors that share one line; each unit is a sensor of its own. */
export const ModbusAir = Closed({
  ...common('modbus-air'),
  line: ModbusLine,
  profile: Name,
  everyMs: Type.Integer({ minimum: 200, maximum: 3_600_000, ...words('周期 ms', 'Every ms') }),
  units: Type.Array(
    Closed({
      ...AirPoint.properties,
      unit: Type.Integer({ minimum: 1, maximum: 247, ...words('从站地址', 'Unit') }),
    }),
    { minItems: 1, maxItems: 64 },
  ),
  limits: AirLimits,
})
export type ModbusAir = Static<typeof ModbusAir>

export const kind: DriverKind<typeof ModbusAir> = {
  driver: 'modbus-air',
  family: 'modbus',
  words: { zh: 'Modbus 温湿度', en: 'Air sensors (Modbus)' },
  schema: ModbusAir,
  facets: ({ units, limits, everyMs }) => ({
    air: { everyMs, limits, sensors: units.map(({ unit: _, ...sensor }) => sensor) },
  }),
  claims: ({ line, units }) => [
    ...lineClaims(line),
    ...units.map((u) => ({ key: `${lineName(line)} unit ${u.unit}`, at: 'units' })),
  ],
  load: async () => (await import('./driver.ts')).createAirDriver,
}
