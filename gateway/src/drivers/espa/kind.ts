import { Closed, Name, OneOf, RoomId, Text } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { common, Host, hostName, Port, serialFields, words } from '../schema.ts'
import { encodings } from './frames.ts'

const Word = (zh: string, en: string) =>
  Type.String({ minLength: 1, maxLength: 40, ...words(zh, en) })
const Address = (zh: string, en: string) =>
  Type.String({ pattern: '^[0-9A-Za-z]{1,3}$', ...words(zh, en) })

/** Fire panel that pages over ESPA 4.4.4. Read-only. */
export const EspaPanel = Closed({
  ...common('espa'),
  line: Type.Union([
    Closed({ transport: Type.Literal('serial'), ...serialFields }),
    Closed({ transport: Type.Literal('tcp'), host: Host, port: Port }),
  ]),
  /** `polled`: the panel asks us. `polling`: the panel is a station and waits to be asked. */
  role: OneOf(['polled', 'polling'], words('角色', 'Our role')),
  ownAddress: Address('本机地址', 'Our address'),
  panelAddress: Address('主机地址', 'Panel address'),
  /** No word from the panel for so long: the fire link is lost. */
  silenceMs: Type.Integer({
    minimum: 500,
    maximum: 600_000,
    ...words('静默时限 ms', 'Silence ms'),
  }),
  pollMs: Type.Optional(
    Type.Integer({ minimum: 100, maximum: 60_000, ...words('轮询周期 ms', 'Poll every ms') }),
  ),
  /** The link must have stood for so long before silence about a point means that no call stands. */
  settleMs: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 600_000, ...words('恢复等待 ms', 'Settle ms') }),
  ),
  encoding: OneOf(encodings, words('文字编码', 'Text encoding')),
  selectOnly: Type.Optional(Type.Boolean(words('只选择不轮询', 'Panel only selects'))),
  sevenBits: Type.Optional(Type.Boolean(words('7 位偶校验', 'Seven bits, even parity'))),
  points: Type.Array(
    Closed({
      id: Name,
      label: Text(80),
      room: RoomId,
      means: OneOf(['fire', 'smoke', 'panelFault'], words('含义', 'Means')),
      address: Type.Optional(Word('呼叫地址', 'Call address')),
      priority: Type.Optional(Word('优先级', 'Priority')),
      text: Type.Optional(Word('文字包含', 'Text contains')),
    }),
    { minItems: 1, maxItems: 64 },
  ),
  /** How a call is ended; without it by call type 1. */
  reset: Type.Optional(
    Closed({
      callType: Type.Optional(Word('呼叫类型', 'Call type')),
      callStatus: Type.Optional(Word('呼叫状态', 'Call status')),
      text: Type.Optional(Word('文字包含', 'Text contains')),
    }),
  ),
})
export type EspaPanel = Static<typeof EspaPanel>

export const kind: DriverKind<typeof EspaPanel> = {
  driver: 'espa',
  words: { zh: '火灾报警主机 (ESPA 4.4.4)', en: 'Fire panel (ESPA 4.4.4)' },
  schema: EspaPanel,
  facets: ({ points }) => ({
    contacts: points.map(({ id, label, room, means }) => ({ id, label, room, means })),
  }),
  claims: ({ line }) =>
    line.transport === 'tcp'
      ? [{ key: `panel ${hostName(line.host)}:${line.port}`, at: 'line' }]
      : [{ key: line.path, at: 'line' }],
  check: ({ reset, ownAddress, panelAddress }) => [
    // An empty rule fits every call: each would end itself.
    ...(reset && Object.keys(reset).length === 0 ? ['reset: say how a call is ended'] : []),
    ...(ownAddress === panelAddress ? ['ownAddress: the panel has this address'] : []),
  ],
  load: async () => (await import('./driver.ts')).createEspaDriver,
}
