/** An OPC UA server of a simulated device: SignAndEncrypt with a trust list, or also `None` on the loopback. */
import { X509Certificate } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { OPCUAServer, type OPCUAServerOptions } from 'node-opcua-server'
import { isLoopback, listenHost, namedHost } from '../listen-host.ts'

/** What every OPC UA device of the simulator is started with. */
export interface OpcUaSpec {
  readonly port: number
  /** Folder of its certificate and of its trust list; kept, it stays the same device after a restart. */
  readonly pki: string
  /** PEM of the clients that it lets in; nobody else is. */
  readonly trust: readonly string[]
  /** Takes unsecured and merely signed sessions too; it then listens on the loopback only. */
  readonly allowNone: boolean
  /** Name and password; without it anonymous sessions are taken, and no others. */
  readonly user?: { readonly name: string; readonly password: string }
}

type Manager = NonNullable<OPCUAServerOptions['serverCertificateManager']>
type ManagerClass = new (options: {
  rootFolder: string
  automaticallyAcceptUnknownCertificate: boolean
  disableFileWatchers: boolean
}) => Manager

/** The certificate manager that the server itself uses; it does not hand it out. */
function managerClass(): ManagerClass {
  const stack = createRequire(createRequire(import.meta.url).resolve('node-opcua-server'))
  const name = 'node-opcua-certificate-manager'
  return (stack(name) as { OPCUACertificateManager: ManagerClass }).OPCUACertificateManager
}

async function managerAt(folder: string, trust: readonly string[]): Promise<Manager> {
  mkdirSync(folder, { recursive: true })
  const manager = new (managerClass())({
    rootFolder: folder,
    automaticallyAcceptUnknownCertificate: false,
    disableFileWatchers: true,
  })
  await manager.initialize()
  for (const pem of trust) await manager.trustCertificate(new X509Certificate(pem).raw)
  return manager
}

// Numbers of OPC 10000-4 7.20; the server package does not hand out the enumeration.
const none = 1
const sign = 2
const signAndEncrypt = 3

type Policy = NonNullable<OPCUAServerOptions['securityPolicies']>[number]
const policy = (name: string) => `http://opcfoundation.org/UA/SecurityPolicy#${name}` as Policy

/** Made, not yet started: the caller fills the address space first. */
export async function makeServer(
  spec: OpcUaSpec,
  name: string,
  nodesets: readonly string[],
): Promise<OPCUAServer> {
  if (spec.allowNone && !isLoopback(listenHost()))
    throw new Error(`an unsecured device listens on loopback only, not on ${listenHost()}`)
  const server = new OPCUAServer({
    port: spec.port,
    hostname: namedHost(),
    host: listenHost(),
    nodesets: [...nodesets],
    serverInfo: { applicationUri: `urn:lantai:sim:${name}`, productUri: 'urn:lantai:sim' },
    buildInfo: { productName: name, softwareVersion: '1.0.0', manufacturerName: 'Lantai' },
    serverCertificateManager: await managerAt(join(spec.pki, 'application'), spec.trust),
    userCertificateManager: await managerAt(join(spec.pki, 'user'), []),
    securityModes: spec.allowNone ? [none, sign, signAndEncrypt] : [signAndEncrypt],
    securityPolicies: (spec.allowNone ? ['None', 'Basic256Sha256'] : ['Basic256Sha256']).map(
      policy,
    ),
    allowAnonymous: spec.user === undefined,
    userManager: {
      isValidUser: (user: string, password: string) =>
        spec.user !== undefined && user === spec.user.name && password === spec.user.password,
    },
    serverCapabilities: { maxSessions: 20 },
  })
  await server.initialize()
  return server
}

/** The port that it really has, where 0 was asked for. */
export function portOf(server: OPCUAServer): number {
  const url = server.getEndpointUrl()
  const port = Number(/:(\d+)/.exec(url.slice('opc.tcp:'.length))?.[1])
  if (!Number.isInteger(port)) throw new Error(`no port in ${url}`)
  return port
}

/** The address space of a server that was initialised. */
export function spaceOf(server: OPCUAServer) {
  const space = server.engine.addressSpace
  if (!space) throw new Error('the server has no address space')
  return space
}

type OwnNamespace = ReturnType<ReturnType<typeof spaceOf>['getOwnNamespace']>
export type Variable = ReturnType<OwnNamespace['addVariable']>
export type Method = ReturnType<OwnNamespace['addMethod']>

/** Ends it without waiting for its clients. */
export const shutdown = (server: OPCUAServer): Promise<void> => server.shutdown(0)
