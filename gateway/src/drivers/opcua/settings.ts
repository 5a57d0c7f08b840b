/** What every entry of an OPC UA device has. Light: nothing of the protocol is loaded with it. */
import { Closed } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import { SecretName } from '../mqtt/settings.ts'
import { type Claim, words } from '../schema.ts'

export const OpcUaServer = Closed({
  endpoint: Type.String({
    maxLength: 300,
    pattern: '^opc\\.tcp://[A-Za-z0-9.-]+(:[0-9]{1,5})?(/[A-Za-z0-9._/-]*)?$',
    ...words('端点地址', 'Endpoint'),
  }),
  /** Left out: anonymous. The password lies in a file, so that the device list holds no secret. */
  user: Type.Optional(
    Closed({
      name: Type.String({ minLength: 1, maxLength: 80, ...words('用户名', 'User name') }),
      passwordFile: SecretName,
    }),
  ),
})
export type OpcUaServer = Static<typeof OpcUaServer>

/** Two devices may live in one server, each under its own node. */
export const serverClaim = (server: OpcUaServer, what: string): Claim => ({
  key: `${server.endpoint.toLowerCase()} ${what}`,
  at: 'server',
})

/**
 * A node by the URI of its namespace, never by an index: the index may be another after the server's next start.
 * `nsu=URI;s=NAME`, `nsu=URI;i=NUMBER`, or `i=NUMBER` for the standard's own.
 */
export const NodeName = Type.String({
  maxLength: 300,
  pattern: '^(nsu=[^;]+;)?(i=[0-9]{1,10}|s=.+)$',
})

/** The stack takes some 60 MB of heap: all OPC UA devices share a process that no other site ever starts. */
export const opcUaProcess = { name: 'opcua', heapMb: 192 } as const
