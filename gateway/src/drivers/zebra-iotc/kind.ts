import { Closed, OneOf } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { readerClaims, readerFields, readerWrong } from '../mqtt/reader-settings.ts'
import { common, words } from '../schema.ts'

/** Zebra FX7500, FX9600 and FXR90 with the IoT Connector, by way of a broker. */
export const ZebraIotc = Closed({
  ...common('zebra-iotc'),
  ...readerFields,
  phaseUnit: Type.Optional(OneOf(['none', 'degrees'], words('相位单位', 'Unit of the phase'))),
})
export type ZebraIotc = Static<typeof ZebraIotc>

export const kind: DriverKind<typeof ZebraIotc> = {
  driver: 'zebra-iotc',
  words: { zh: 'Zebra IoT Connector 读写器（MQTT）', en: 'Zebra IoT Connector reader (MQTT)' },
  schema: ZebraIotc,
  facets: ({ role }) => ({ reader: { role } }),
  claims: readerClaims,
  check: readerWrong,
  load: async () => (await import('./driver.ts')).createZebraDriver,
}
