import { AirLimits, AirPoint, Closed } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { profileField, profileWrong } from '../modbus/load-profile.ts'
import { common, lineClaims, lineName, ModbusLine, UnitId, words } from '../schema.ts'

/** Air sensors that share one line; each unit is a sensor of its own. */
export const ModbusAir = Closed({
  ...common('modbus-air'),
  line: ModbusLine,
  profile: profileField('air'),
  everyMs: Type.Integer({ minimum: 200, maximum: 3_600_000, ...words('周期 ms', 'Every ms') }),
  units: Type.Array(
    Closed({
      ...AirPoint.properties,
      unit: UnitId,
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
  check: ({ profile, line, units }) => [
    ...profileWrong(profile, 'air', line).map((why) => `profile: ${why}`),
    // Nobody answers a broadcast.
    ...(line.transport === 'rtu' && units.some((u) => u.unit === 0)
      ? ['units: 0 is everybody on a serial line']
      : []),
  ],
  load: async () => (await import('./driver.ts')).createAirDriver,
}
