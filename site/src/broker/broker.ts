import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type TLSSocket } from 'node:tls'
import { Aedes, type AuthenticateError, type Client } from 'aedes'
import type { Logger } from 'pino'
import { mayConnect, mayPublish, maySubscribe } from './acl.ts'

export interface BrokerOptions {
  readonly site: string
  readonly port: number
  /** PEM files: authority, and the broker's own certificate and key. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string }
  readonly log: Logger
}
export interface RunningBroker {
  readonly port: number
  stop(): Promise<void>
}

/** A stranger's half-open handshakes must not pile up. */
const handshakeTimeoutMs = 10_000
const connectionLimit = 200

/**
 * The common name of each connection's certificate, which TLS has verified. Remembered at the handshake: a will is
 * published when the socket is gone, and its certificate with it.
 */
const identities = new WeakMap<object, string>()

function remember(socket: TLSSocket) {
  const name = socket.authorized ? socket.getPeerCertificate()?.subject?.CN : undefined
  if (typeof name === 'string') identities.set(socket, name)
}

const identityOf = (client: Client) => identities.get(client.conn)

const notAuthorised = (text: string): AuthenticateError =>
  Object.assign(new Error(text), { returnCode: 5 })

/** Starts the broker: TLS with client certificates only, no anonymous listener, every act checked by the ACL. */
export async function startBroker(options: BrokerOptions): Promise<RunningBroker> {
  const { site, files, log } = options
  const aedes = await Aedes.createBroker({
    concurrency: 200,
    authenticate: (client, _user, _password, done) => {
      const identity = identityOf(client)
      if (identity && mayConnect(identity, client.id)) return done(null, true)
      log.warn({ identity, clientId: client.id }, 'connection refused')
      done(notAuthorised('client id and certificate do not agree'), false)
    },
    authorizePublish: (client, packet, done) => {
      const identity = client ? identityOf(client) : undefined
      const bytes = Buffer.byteLength(packet.payload)
      const { topic, retain } = packet
      if (identity && mayPublish(site, identity, { topic, retain, bytes })) return done(null)
      log.warn({ identity, topic, retain, bytes }, 'publication refused')
      done(new Error('not allowed'))
    },
    authorizeSubscribe: (client, subscription, done) => {
      const identity = identityOf(client)
      if (identity && maySubscribe(site, identity, subscription.topic))
        return done(null, subscription)
      log.warn({ identity, topic: subscription.topic }, 'subscription refused')
      done(null, null) // answered with 128 in the SUBACK, as MQTT 3.1.1 has it
    },
  })
  const read = (path: string) => readFileSync(path)
  const server = createServer(
    {
      ca: read(files.ca),
      cert: read(files.cert),
      key: read(files.key),
      requestCert: true,
      rejectUnauthorized: true,
      minVersion: 'TLSv1.3',
      handshakeTimeout: handshakeTimeoutMs,
    },
    (socket) => {
      remember(socket)
      aedes.handle(socket)
    },
  )
  server.maxConnections = connectionLimit
  server.on('tlsClientError', (error) => log.warn({ reason: error.message }, 'handshake refused'))
  aedes.on('clientError', (client, error) =>
    log.info({ clientId: client.id, reason: error.message }, 'client error'),
  )
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port: options.port, host: '127.0.0.1' }, () => resolve())
  })
  return {
    port: (server.address() as AddressInfo).port,
    stop: () =>
      new Promise((resolve) => {
        server.close()
        aedes.close(() => resolve())
      }),
  }
}
