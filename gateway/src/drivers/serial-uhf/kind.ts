import { Closed, OneOf, ReaderRole } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { common, serialFields, words } from '../schema.ts'
import { families, illegal, regions } from './limits.ts'

/** UHF module on a serial port: handheld, cart or desk reader. */
export const SerialUhf = Closed({
  ...common('serial-uhf'),
  family: OneOf(families, words('模块系列', 'Module family')),
  path: serialFields.path,
  /** Of the USB adapter; then the port is found by it and `path` is not used. */
  serialNumber: Type.Optional(
    Type.String({ minLength: 1, maxLength: 80, ...words('USB 序列号', 'USB serial number') }),
  ),
  baud: serialFields.baud,
  role: ReaderRole,
  region: Type.Optional(OneOf(regions, words('频段地区', 'Radio region'))),
  powerDbm: Type.Integer({ minimum: 0, maximum: 33, ...words('发射功率 dBm', 'Power, dBm') }),
  gainDbi: Type.Integer({ minimum: 0, maximum: 20, ...words('天线增益 dBi', 'Antenna gain, dBi') }),
  antennas: Type.Optional(
    Type.Array(Type.Integer({ minimum: 1, maximum: 4 }), {
      minItems: 1,
      maxItems: 4,
      uniqueItems: true,
      ...words('天线', 'Antennas'),
    }),
  ),
  /** Only Invelion: the variant whose frames end with C0. */
  endByte: Type.Optional(Type.Boolean(words('帧尾字节 C0', 'End byte C0'))),
})
export type SerialUhf = Static<typeof SerialUhf>

export const kind: DriverKind<typeof SerialUhf> = {
  driver: 'serial-uhf',
  words: { zh: '串口超高频模块', en: 'UHF module (serial)' },
  schema: SerialUhf,
  facets: ({ role }) => ({ reader: { role } }),
  claims: ({ path, serialNumber }) =>
    serialNumber
      ? [{ key: `USB ${serialNumber}`, at: 'serialNumber' }]
      : [{ key: path, at: 'path' }],
  check: illegal,
  load: async () => (await import('./driver.ts')).createSerialUhfDriver,
}
