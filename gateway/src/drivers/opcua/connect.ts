import { X509Certificate } from 'node:crypto'
import { readFileSync } from 'node:fs'
import {
  type ClientSession,
  type EndpointDescription,
  MessageSecurityMode,
  OPCUAClient,
  type OPCUAClientOptions,
  SecurityPolicy,
  type UserIdentityInfo,
  UserTokenType,
} from 'node-opcua-client'
import { readSecret } from '../mqtt/secrets.ts'
import { type Application, applicationName } from './application.ts'
import type { OpcUaServer } from './settings.ts'
import { thumbprintOf } from './trust.ts'

/** One secured session, and how to end it. */
export interface Connected {
  readonly client: OPCUAClient
  readonly session: ClientSession
  /** End of the server's certificate, wall milliseconds. */
  readonly serverValidTo: number
}

/** A server that we will not talk to; the message says why, and what a person can do. */
export class Refused extends Error {
  override readonly name = 'Refused'
}

const answerWithinMs = 5000
const sessionTimeoutMs = 30_000

const optionsOf = (app: Application): OPCUAClientOptions => ({
  applicationName,
  applicationUri: app.applicationUri,
  certificateFile: app.certificateFile,
  privateKeyFile: app.privateKeyFile,
  clientCertificateManager: app.manager,
  clientName: applicationName,
  // We look at the certificate ourselves; the name in a device's endpoint list is often not the one that we reach it by.
  endpointMustExist: false,
  // The backoff is ours (G5): the stack's own reconnection would hide a restart, after which nothing scans.
  connectionStrategy: { maxRetry: 0 },
  transportTimeout: answerWithinMs,
  defaultTransactionTimeout: answerWithinMs,
  requestedSessionTimeout: sessionTimeoutMs,
  keepSessionAlive: true,
})

/**
 * Opens a session with Basic256Sha256 and SignAndEncrypt, or throws. An unknown server certificate goes to the rejected
 * ones and stays there until a person approves it.
 */
export async function connect(
  server: OpcUaServer,
  app: Application,
  track: (client: OPCUAClient) => void,
  explain: (text: string) => void = () => undefined,
): Promise<Connected> {
  const endpoint = await secureEndpoint(server, app, track, explain)
  explain(
    `our certificate, which the server must trust: ${certificateText(readFileSync(app.certificateFile))}`,
  )
  const validTo = await trusted(endpoint.serverCertificate, app)
  const client = OPCUAClient.create({
    ...optionsOf(app),
    securityMode: MessageSecurityMode.SignAndEncrypt,
    securityPolicy: SecurityPolicy.Basic256Sha256,
    serverCertificate: endpoint.serverCertificate,
  })
  track(client)
  await client.connect(server.endpoint)
  const session = await client.createSession(identityOf(server, app))
  explain(`session opened ${server.user ? `by ${server.user.name}` : 'anonymously'}`)
  return { client, session, serverValidTo: validTo }
}

/** Reads the list of endpoints, which is public; nothing else goes over that connection. */
async function secureEndpoint(
  server: OpcUaServer,
  app: Application,
  track: (client: OPCUAClient) => void,
  explain: (text: string) => void,
): Promise<EndpointDescription> {
  const asker = OPCUAClient.create(optionsOf(app))
  track(asker)
  await asker.connect(server.endpoint)
  const endpoints = await asker.getEndpoints()
  await asker.disconnect()
  for (const e of endpoints) explain(endpointText(e))
  const [certificate] = new Set(endpoints.map((e) => e.serverCertificate).filter((c) => c?.length))
  if (certificate) explain(`certificate of the server: ${certificateText(certificate)}`)
  const secure = endpoints.find(
    (e) =>
      e.securityMode === MessageSecurityMode.SignAndEncrypt &&
      e.securityPolicyUri === SecurityPolicy.Basic256Sha256,
  )
  if (!secure)
    throw new Refused('the server offers no Basic256Sha256 with SignAndEncrypt; less is refused')
  return secure
}

/** `opc.tcp://…: SignAndEncrypt, Basic256Sha256, tokens Anonymous UserName`. */
function endpointText(e: EndpointDescription): string {
  const policy = e.securityPolicyUri?.split('#')[1] ?? 'no policy'
  const tokens = (e.userIdentityTokens ?? []).map((t) => UserTokenType[t.tokenType])
  const mode = MessageSecurityMode[e.securityMode]
  return `endpoint ${e.endpointUrl}: ${mode}, ${policy}, tokens ${tokens.join(' ') || 'none'}`
}

/** In PEM or DER; a chain is told by its first. */
function certificateText(bytes: Buffer): string {
  const { subject, raw, fingerprint256, validTo } = new X509Certificate(bytes)
  const name = subject.replaceAll('\n', ', ')
  return `${name}, thumbprint ${thumbprintOf(raw)}, SHA-256 ${fingerprint256.replaceAll(':', '')}, until ${validTo}`
}

async function trusted(chain: Buffer, app: Application): Promise<number> {
  // A person may have approved it since the last try.
  await app.manager.reloadCertificates()
  const status = await app.manager.checkCertificate(chain)
  const certificate = new X509Certificate(chain)
  if (status.isGood()) return certificate.validToDate.getTime()
  const { raw, fingerprint256 } = certificate
  const { name } = status
  const why = name === 'BadCertificateUntrusted' ? 'is not approved' : `is refused (${name})`
  throw new Refused(
    `server certificate ${thumbprintOf(raw)} ${why}; SHA-256 ${fingerprint256.replaceAll(':', '')}; compare it with the device and approve it at the gateway`,
  )
}

function identityOf({ user }: OpcUaServer, { secrets }: Application): UserIdentityInfo {
  if (!user) return { type: UserTokenType.Anonymous }
  const [password = ''] = readSecret(user.passwordFile, secrets).split(/\r?\n/)
  return { type: UserTokenType.UserName, userName: user.name, password }
}
