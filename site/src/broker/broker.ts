import { readFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createServer, type Server, type TLSSocket } from 'node:tls'
import { Aedes, type AedesOptions, type AuthenticateError, type Client } from 'aedes'
import type { Logger } from 'pino'
import { mayConnect, mayPublish, maySubscribe, type Publication } from './acl.ts'
import { vendorMayPublish, vendorMaySubscribe } from './vendor-acl.ts'
import { VendorListener } from './vendor-listener.ts'

export interface BrokerOptions {
  readonly site: string
  readonly port: number
  /** PEM files: authority, and the broker's own certificate and key. */
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string }
  /** A second port, for devices of other makers: TLS, name and password. Left out, there is none. */
  readonly vendor?: VendorPort
  readonly log: Logger
}
export interface VendorPort {
  readonly port: number
  /** Where devices reach it; loopback where it is left out. */
  readonly host?: string
  /** File of `ensureVendorAccounts`: followed while it changes, and the port is open only while somebody is in it. */
  readonly accounts: string
}
export interface RunningBroker {
  readonly port: number
  /** Of the vendor devices; null while there is none. */
  readonly vendorPort: number | null
  stop(): Promise<void>
}

/** A stranger's half-open handshakes must not pile up. */
const handshakeTimeoutMs = 10_000
const connectionLimit = 200

/** Who is at the other end: a certificate that TLS has verified, or a vendor device by name and password. */
type Identity = { readonly kind: 'certificate' | 'vendor'; readonly name: string }

/** Remembered from the beginning: a will is published when the socket is gone, and its certificate with it. */
const identities = new WeakMap<object, Identity>()

function remember(socket: TLSSocket) {
  const name = socket.authorized ? socket.getPeerCertificate()?.subject?.CN : undefined
  if (typeof name === 'string') identities.set(socket, { kind: 'certificate', name })
}

const identityOf = (client: Client) => identities.get(client.conn)

const notAuthorised = (text: string): AuthenticateError =>
  Object.assign(new Error(text), { returnCode: 5 })

const allowedToPublish = (site: string, { kind, name }: Identity, p: Publication) =>
  kind === 'vendor' ? vendorMayPublish(site, name, p) : mayPublish(site, name, p)
const allowedToSubscribe = (site: string, { kind, name }: Identity, filter: string) =>
  kind === 'vendor' ? vendorMaySubscribe(site, name, filter) : maySubscribe(site, name, filter)

/**
 * Starts the broker: TLS with client certificates, on a port of their own devices of other makers with name and
 * password; no anonymous listener, every act checked by the ACL.
 */
export async function startBroker(options: BrokerOptions): Promise<RunningBroker> {
  const { vendor, files, log } = options
  const theirs =
    vendor &&
    new VendorListener({
      accounts: vendor.accounts,
      listen: (take) =>
        listen(tlsServer(files, false, take), {
          host: vendor.host ?? '127.0.0.1',
          port: vendor.port,
          log,
        }),
      handle: (socket) => void aedes.handle(socket),
      log,
    })
  const aedes = await Aedes.createBroker({ concurrency: 200, ...rulesOf(options, theirs) })
  aedes.on('clientError', (client, error) =>
    log.info({ clientId: client.id, reason: error.message }, 'client error'),
  )
  const own = await listen(
    tlsServer(files, true, (socket) => {
      remember(socket)
      aedes.handle(socket)
    }),
    { host: '127.0.0.1', port: options.port, log },
  )
  await theirs?.start()
  return {
    port: portOf(own),
    get vendorPort() {
      const server = theirs?.server
      return server ? portOf(server) : null
    },
    async stop() {
      own.close()
      await theirs?.stop()
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
    },
  }
}

const portOf = (server: Server) => (server.address() as AddressInfo).port

function tlsServer(
  files: BrokerOptions['files'],
  certificates: boolean,
  take: (socket: TLSSocket) => void,
): Server {
  const read = (path: string) => readFileSync(path)
  return createServer(
    {
      ca: read(files.ca),
      cert: read(files.cert),
      key: read(files.key),
      requestCert: certificates,
      rejectUnauthorized: certificates,
      // Readers in the field often end at 1.2.
      minVersion: certificates ? 'TLSv1.3' : 'TLSv1.2',
      handshakeTimeout: handshakeTimeoutMs,
    },
    take,
  )
}

async function listen(
  server: Server,
  { host, port, log }: { host: string; port: number; log: Logger },
): Promise<Server> {
  server.maxConnections = connectionLimit
  server.on('tlsClientError', (error) => log.warn({ reason: error.message }, 'handshake refused'))
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen({ port, host }, () => resolve())
  })
  return server
}

type Rules = Pick<AedesOptions, 'authenticate' | 'authorizePublish' | 'authorizeSubscribe'>

function rulesOf({ site, log }: BrokerOptions, theirs: VendorListener | undefined): Rules {
  return {
    authenticate: (client, user, password, done) => {
      const refuse = (text: string) => {
        log.warn(
          { user, identity: identityOf(client)?.name, clientId: client.id },
          'connection refused',
        )
        done(notAuthorised(text), false)
      }
      if (theirs?.has(client)) {
        theirs.admits(client, user, password).then(
          (welcome) => {
            if (!welcome || user === undefined) return refuse('wrong name, password or client id')
            identities.set(client.conn, { kind: 'vendor', name: user })
            done(null, true)
          },
          (error: unknown) => {
            log.error({ err: error }, 'vendor accounts cannot be read')
            refuse('nobody can come in just now')
          },
        )
        return
      }
      const name = identityOf(client)?.name
      if (name && mayConnect(name, client.id)) return done(null, true)
      refuse('client id and certificate do not agree')
    },
    authorizePublish: (client, packet, done) => {
      const identity = client ? identityOf(client) : undefined
      const bytes = Buffer.byteLength(packet.payload)
      const { topic, retain } = packet
      if (identity && allowedToPublish(site, identity, { topic, retain, bytes })) return done(null)
      log.warn({ identity: identity?.name, topic, retain, bytes }, 'publication refused')
      done(new Error('not allowed'))
    },
    authorizeSubscribe: (client, subscription, done) => {
      const identity = identityOf(client)
      if (identity && allowedToSubscribe(site, identity, subscription.topic))
        return done(null, subscription)
      log.warn({ identity: identity?.name, topic: subscription.topic }, 'subscription refused')
      done(null, null) // answered with 128 in the SUBACK, as MQTT 3.1.1 has it
    },
  }
}
