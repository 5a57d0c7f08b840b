import { Closed, type InterlockInput, OneOf } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { common, hostName, words } from '../schema.ts'
import { bankFields, LeftIs, lacking, numbersFault } from '../shelving/place.ts'

const Byte = (zh: string, en: string) =>
  Type.Integer({ minimum: 0, maximum: 255, ...words(zh, en) })

/** One bank of MJJ controllers on UDP. What no document says about the frames is a setting here. */
export const MjjShelving = Closed({
  ...common('mjj-shelving'),
  ...bankFields,
  /** The controller answers to this port of ours; 0 where it answers to whoever asks. */
  localPort: Type.Integer({ minimum: 0, maximum: 65_535, ...words('本地端口', 'Local port') }),
  zone: Byte('区号', 'Zone'),
  /** TYPE of the frames that we send. */
  type: Byte('类型字节', 'Type byte'),
  /** Which of the two open commands the site's controllers want: that of a fixed column on the left or the right. */
  fixed: OneOf(['left', 'right'], words('固定列在', 'Fixed column is')),
  leftIs: LeftIs,
  crc: Closed({
    poly: Byte('CRC8 多项式', 'CRC8 polynomial'),
    init: Byte('CRC8 初值', 'CRC8 initial value'),
    reflectIn: Type.Boolean(words('输入反转', 'Reflect in')),
    reflectOut: Type.Boolean(words('输出反转', 'Reflect out')),
    xorOut: Byte('输出异或', 'Xor out'),
  }),
  /** Set when a person has seen that checksum and commands are those of this controller. */
  confirmed: Type.Boolean(words('协议已确认', 'Protocol confirmed')),
})
export type MjjShelving = Static<typeof MjjShelving>

const cannotGive: readonly InterlockInput[] = [
  'eStop',
  'obstacle',
  'occupied',
  'door',
  'manual',
  'night',
  'power',
]

export const kind: DriverKind<typeof MjjShelving> = {
  driver: 'mjj-shelving',
  words: { zh: 'MJJ 密集架（UDP）', en: 'Mobile shelving (MJJ over UDP)' },
  schema: MjjShelving,
  facets: ({ bank, room, columns, notProvided, leftIs }) => ({
    bank: { bank, room, columns, notProvided, leftIs: leftIs ?? 'unset' },
  }),
  claims: ({ host, port, zone, localPort }) => [
    { key: `${hostName(host)}:${port} zone ${zone}`, at: 'host' },
    ...(localPort === 0 ? [] : [{ key: `UDP port ${localPort} of the gateway`, at: 'localPort' }]),
  ],
  check: (device) => [...lacking(cannotGive, device, 'MJJ'), ...numbersFault(device, 255, 'MJJ')],
  load: async () => (await import('./driver.ts')).createMjjDriver,
}
