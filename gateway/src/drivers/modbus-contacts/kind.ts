import { Closed, ContactPoint } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { loadProfile, profileField, profileWrong } from '../modbus/load-profile.ts'
import { common, lineClaims, lineName, ModbusLine, UnitId, words } from '../schema.ts'

/**
 * Contacts on a Modbus input module (FC02 by address), or of a detector whose profile turns its bits and registers
 * into contacts. Polled at least every 200 ms for fire (devices 3.7).
 */
export const ModbusContacts = Closed({
  ...common('modbus-contacts'),
  line: ModbusLine,
  unit: UnitId,
  /** Without one `address` is that of a discrete input; with one every input names a `point` of it. */
  profile: Type.Optional(profileField('contacts')),
  everyMs: Type.Integer({ minimum: 10, maximum: 10_000, ...words('周期 ms', 'Every ms') }),
  inputs: Type.Array(
    Closed({
      ...ContactPoint.properties,
      address: Type.Optional(
        Type.Integer({ minimum: 0, maximum: 65_535, ...words('输入地址', 'Address') }),
      ),
      /** A normally-closed loop reads 0 in alarm, so that a cut wire alarms. */
      activeLow: Type.Optional(Type.Boolean(words('常闭回路', 'Normally closed'))),
      point: Type.Optional(
        Type.String({
          pattern: '^[a-z][A-Za-z0-9]{0,39}$',
          ...words('型号中的点', 'Point of the profile'),
        }),
      ),
    }),
    { minItems: 1, maxItems: 64 },
  ),
})
export type ModbusContacts = Static<typeof ModbusContacts>

function inputsWrong({ profile, line, inputs }: ModbusContacts): string[] {
  if (profile === undefined)
    return inputs.flatMap((i) => {
      if (i.point !== undefined) return [`inputs: ${i.id} names a point, and there is no profile`]
      const isWhole = i.address !== undefined && i.activeLow !== undefined
      return isWhole
        ? []
        : [`inputs: ${i.id} needs address and activeLow, or a profile and a point`]
    })
  const wrong = profileWrong(profile, 'contacts', line)
  if (wrong.length > 0) return wrong.map((why) => `profile: ${why}`)
  const { points } = loadProfile(profile, 'contacts')
  return inputs.flatMap(({ id, point, address, activeLow }) => {
    if (address !== undefined || activeLow !== undefined)
      return [`inputs: ${id} has an address or polarity; the profile has them`]
    if (point === undefined) return [`inputs: ${id} needs a point of the profile`]
    return points.some((p) => p.key === point) ? [] : [`inputs: ${profile} has no point ${point}`]
  })
}

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
  check: inputsWrong,
  load: async () => (await import('./driver.ts')).createContactsDriver,
}
