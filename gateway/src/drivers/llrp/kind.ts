import { Closed, OneOf, ReaderRole } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { common, Host, hostName, Port, words } from '../schema.ts'

const Dbm = Type.Number({ minimum: -10, maximum: 36, ...words('功率 (dBm)', 'Power (dBm)') })
const path = (zh: string, en: string) => Type.String({ maxLength: 200, ...words(zh, en) })

const Antenna = Closed({
  antenna: Type.Integer({ minimum: 1, maximum: 255, ...words('天线号', 'Antenna') }),
  powerDbm: Type.Optional(Dbm),
})

/** A count in rounds: begins every `everySeconds`, ends when no new tag came for `quietMs`, at the latest after `longestMs`. */
const Rounds = Closed({
  everySeconds: Type.Integer({
    minimum: 1,
    maximum: 86_400,
    ...words('每轮间隔 (秒)', 'A round every (s)'),
  }),
  quietMs: Type.Integer({
    minimum: 50,
    maximum: 60_000,
    ...words('无新标签即结束 (毫秒)', 'Ends without a new tag for (ms)'),
  }),
  longestMs: Type.Integer({
    minimum: 100,
    maximum: 3_600_000,
    ...words('最长时间 (毫秒)', 'Longest (ms)'),
  }),
})

/** The key is only ever a path: the device list travels to the server. */
const ReaderTls = Closed({
  ca: Type.String({
    minLength: 1,
    maxLength: 16_384,
    ...words(
      '读写器证书或其签发者(PEM 内容或路径)',
      "Reader's certificate or its issuer (PEM or path)",
    ),
  }),
  servername: Type.Optional(path('证书中的名称', 'Name in the certificate')),
  certPath: Type.Optional(path('本网关证书路径', "Path of this gateway's certificate")),
  keyPath: Type.Optional(path('本网关密钥路径', "Path of this gateway's key")),
})
export type ReaderTls = Static<typeof ReaderTls>

/** RFID reader over LLRP. */
export const LlrpReader = Closed({
  ...common('llrp'),
  host: Host,
  port: Port,
  role: ReaderRole,
  session: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 3, ...words('Gen2 会话', 'Gen2 session') }),
  ),
  /** The strongest of the reader's own levels that is not above it; the strongest of all where it is left out. */
  powerDbm: Type.Optional(Dbm),
  /** All of them where it is left out. */
  antennas: Type.Optional(
    Type.Array(Antenna, { minItems: 1, maxItems: 64, ...words('天线', 'Antennas') }),
  ),
  /** One of the reader's own RF modes; its first where it is left out. */
  mode: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 65_535, ...words('射频模式', 'RF mode') }),
  ),
  /** Reads without end where it is left out. */
  rounds: Type.Optional(Rounds),
  /** Words of TID that are read by an access operation where the reader has no way of its own. It costs time on air. */
  tidWords: Type.Optional(
    Type.Integer({ minimum: 2, maximum: 31, ...words('读取 TID 字数', 'TID words to read') }),
  ),
  protocol: Type.Optional(OneOf(['auto', '1.0.1'], words('LLRP 版本', 'LLRP version'))),
  tls: Type.Optional(ReaderTls),
  /** Output with a lamp or a buzzer on it. Left out: none is touched, for it may open a door. */
  identifyOutput: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 64, ...words('识别用输出口', 'Output for identify') }),
  ),
})
export type LlrpReader = Static<typeof LlrpReader>

function check({ antennas = [], role, rounds, tls }: LlrpReader): string[] {
  const problems: string[] = []
  const numbers = antennas.map((a) => a.antenna)
  if (new Set(numbers).size !== numbers.length) problems.push('antennas: one is named twice')
  // A round reports once for each tag: where along the face it was heard would be lost.
  if (rounds && role === 'cart') problems.push('rounds: a cart reads without end')
  if (rounds && rounds.longestMs > rounds.everySeconds * 1000)
    problems.push('rounds: a round may be longer than the time between two')
  if (rounds && rounds.quietMs > rounds.longestMs)
    problems.push('rounds: quietMs is longer than longestMs')
  if (tls && (tls.certPath === undefined) !== (tls.keyPath === undefined))
    problems.push('tls: certPath and keyPath go together')
  return problems
}

export const kind: DriverKind<typeof LlrpReader> = {
  driver: 'llrp',
  words: { zh: 'LLRP 固定式读写器', en: 'Fixed RFID reader (LLRP)' },
  schema: LlrpReader,
  facets: ({ role }) => ({ reader: { role } }),
  claims: ({ host, port }) => [{ key: `reader ${hostName(host)}:${port}`, at: 'port' }],
  check,
  load: async () => (await import('./driver.ts')).createLlrpDriver,
}
