import { Closed, OneOf } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { readerClaims, readerFields, readerWrong } from '../mqtt/reader-settings.ts'
import { common, words } from '../schema.ts'

/** Impinj R700 class over its IoT device interface, by way of a broker. */
export const ImpinjIot = Closed({
  ...common('impinj-iot'),
  ...readerFields,
  /** The unit of `phaseAngle` is not confirmed by the maker: left out of a read where it is not set. */
  phaseUnit: Type.Optional(OneOf(['none', 'degrees'], words('相位单位', 'Unit of the phase'))),
})
export type ImpinjIot = Static<typeof ImpinjIot>

export const kind: DriverKind<typeof ImpinjIot> = {
  driver: 'impinj-iot',
  words: { zh: 'Impinj 物联网接口读写器（MQTT）', en: 'Impinj IoT reader (MQTT)' },
  schema: ImpinjIot,
  facets: ({ role }) => ({ reader: { role } }),
  claims: readerClaims,
  check: readerWrong,
  load: async () => (await import('./driver.ts')).createImpinjDriver,
}
