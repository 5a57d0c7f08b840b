/** Settings that every driver over an MQTT broker has. */
import { Closed, Text } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import { hostName, words } from '../schema.ts'

/**
 * A file in the gateway's own folder of device secrets, by its name. A device list can come from a screen: a path
 * would let it send any file of the machine to any broker.
 */
export const SecretName = Type.String({
  pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$',
  ...words('密钥文件名', 'Name of the secret file'),
})

/** A level holds no slash, so that there is one way to read a text: else a wrong one of forty slashes takes hours. */
const wildcardOnlyWhole = '^([^#+/]*|\\+)(/([^#+/]*|\\+))*(/#)?$|^#$'

/** MQTT topic filter: `+` and `#` only as whole levels. */
export const TopicFilter = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: wildcardOnlyWhole,
  ...words('主题', 'Topic'),
})
/** A topic without wildcards. */
export const Topic = Type.String({
  minLength: 1,
  maxLength: 200,
  pattern: '^[^#+]+$',
  ...words('主题', 'Topic'),
})

export const Broker = Closed({
  url: Type.String({
    maxLength: 300,
    pattern: '^mqtts?://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:]+\\])(:[0-9]{1,5})?/?$',
    ...words('代理地址', 'Broker, mqtt:// or mqtts://'),
  }),
  user: Type.Optional(Text(100)),
  /** File with the password on its first line. */
  password: Type.Optional(SecretName),
  /** PEM of the authority or of the broker's own certificate; needed for mqtts. */
  ca: Type.Optional(SecretName),
  cert: Type.Optional(SecretName),
  key: Type.Optional(SecretName),
  /** Name in the broker's certificate, where it is not the host. */
  servername: Type.Optional(Type.String({ maxLength: 253, pattern: '^[A-Za-z0-9.-]+$' })),
  clientId: Type.Optional(Type.String({ maxLength: 64, pattern: '^[A-Za-z0-9._:-]+$' })),
})
export type Broker = Static<typeof Broker>

/** What the schema cannot say, each sentence beginning with the field. */
export function brokerWrong(b: Broker): string[] {
  const wrong: string[] = []
  const { tls, port } = brokerAddress(b)
  if (tls && !b.ca) wrong.push('broker.ca is needed for mqtts: nothing is trusted by default')
  if (!tls && (b.ca || b.cert || b.key))
    wrong.push('broker.url is mqtt:// and would not use the certificates that are named')
  if (Boolean(b.cert) !== Boolean(b.key)) wrong.push('broker.cert and broker.key belong together')
  if (b.password && !b.user) wrong.push('broker.user is needed with a password')
  if (port < 1 || port > 65_535) wrong.push('broker.url names a port that does not exist')
  return wrong
}

export interface BrokerAddress {
  tls: boolean
  host: string
  port: number
}

/** Host, port (1883 or 8883 where none is named) and whether it is TLS. */
export function brokerAddress({ url }: Pick<Broker, 'url'>): BrokerAddress {
  const [, scheme, host = '', port] = /^(mqtts?):\/\/(\[[^\]]*\]|[^:/]*)(?::(\d+))?/.exec(url) ?? []
  const tls = scheme === 'mqtts'
  return {
    tls,
    host: host.replace(/^\[|\]$/g, ''),
    port: port === undefined ? (tls ? 8883 : 1883) : Number(port),
  }
}

export const brokerName = (b: Broker): string => {
  const { host, port } = brokerAddress(b)
  return `${hostName(host)}:${port}`
}
