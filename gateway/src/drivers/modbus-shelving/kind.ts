import { BankPlace, Closed } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { profileField, profileWrong } from '../modbus/load-profile.ts'
import { common, lineClaims, lineName, ModbusLine, UnitId, words } from '../schema.ts'
import { accepting } from '../shelving/place.ts'

/** One bank of mobile shelving behind a Modbus controller; the register map is the named profile. */
export const ModbusShelving = Closed({
  ...common('modbus-shelving'),
  ...BankPlace.properties,
  line: ModbusLine,
  unit: UnitId,
  profile: profileField('shelving'),
  everyMs: Type.Integer({ minimum: 50, maximum: 5000, ...words('周期 ms', 'Every ms') }),
})
export type ModbusShelving = Static<typeof ModbusShelving>

export const kind: DriverKind<typeof ModbusShelving> = {
  driver: 'modbus-shelving',
  family: 'modbus',
  words: { zh: 'Modbus 密集架', en: 'Mobile shelving (Modbus)' },
  schema: ModbusShelving,
  facets: ({ bank, room, columns, notProvided }) => ({
    bank: { bank, room, columns, notProvided, ...accepting(notProvided) },
  }),
  claims: ({ line, unit }) => [
    ...lineClaims(line),
    { key: `${lineName(line)} unit ${unit}`, at: 'line' },
  ],
  check: ({ profile, line }) =>
    profileWrong(profile, 'shelving', line).map((why) => `profile: ${why}`),
  load: async () => (await import('./driver.ts')).createShelvingDriver,
}
