import { Closed, ContactPoint } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { common, lineClaims, lineName, ModbusLine, UnitId, words } from '../schema.ts'

/** Contacts on a Modbus input module (FC02). Polled at least every 200 ms for fire (devices 3.7). */
export const ModbusContacts = Closed({
  ...common('modbus-contacts'),
  line: ModbusLine,
  unit: UnitId,
  everyMs: Type.Integer({ minimum: 10, maximum: 10_000, ...words('周期 ms', 'Every ms') }),
  inputs: Type.Array(
    Closed({
      ...ContactPoint.properties,
      address: Type.Integer({ minimum: 0, maximum: 65_535, ...words('输入地址', 'Address') }),
      /** A normally-closed loop reads 0 in alarm, so that a cut wire alarms. */
      activeLow: Type.Boolean(words('常闭回路', 'Normally closed')),
    }),
    { minItems: 1, maxItems: 64 },
  ),
})
export type ModbusContacts = Static<typeof ModbusContacts>

export const kind: DriverKind<typeof ModbusContacts> = {
  driver: 'modbus-contacts',
  family: 'modbus',
  words: { zh: 'Modbus 触点模块', en: 'Contacts (Modbus input module)' },
  schema: ModbusContacts,
  facets: ({ inputs }) => ({
    contacts: inputs.map(({ id, label, room, means }) => ({ id, label, room, means })),
  }),
  claims: ({ line, unit }) => [
    ...lineClaims(line),
    { key: `${lineName(line)} unit ${unit}`, at: 'unit' },
  ],
  load: async () => (await import('./driver.ts')).createContactsDriver,
}
