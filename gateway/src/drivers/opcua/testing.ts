/** A small OPC UA server for tests: some variables, and the security that a test wants. */

import { X509Certificate } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { MessageSecurityMode, SecurityPolicy } from 'node-opcua-client'
import { OPCUAServer } from 'node-opcua-server'
import { applicationIn } from './application.ts'
import { newManager } from './stack.ts'

export type TestSecurity = 'none' | 'sign' | 'signAndEncrypt'
const modes = {
  none: [MessageSecurityMode.None],
  sign: [MessageSecurityMode.Sign],
  signAndEncrypt: [MessageSecurityMode.SignAndEncrypt],
} as const

/** A folder for both sides; removed with the test. */
export class TestPlace implements Disposable {
  readonly dir = mkdtempSync(join(tmpdir(), 'lantai-opcua-'))

  get dataDir() {
    return join(this.dir, 'gateway')
  }
  /** DER of the server's certificate. */
  serverCertificate(): Buffer {
    const pem = readFileSync(join(this.dir, 'server', 'own', 'certs', 'certificate.pem'))
    return new X509Certificate(pem).raw
  }
  [Symbol.dispose]() {
    rmSync(this.dir, { recursive: true, force: true })
  }
}

export class TestServer implements AsyncDisposable {
  readonly #server: OPCUAServer
  readonly port: number
  /** How many sessions were ever opened. */
  sessions = 0

  private constructor(server: OPCUAServer, port: number) {
    this.#server = server
    this.port = port
    server.on('session_activated', () => {
      this.sessions++
    })
  }

  /** It trusts the gateway's application of this place. */
  static async start(
    place: TestPlace,
    options: {
      port?: number
      security?: TestSecurity
      user?: { name: string; password: string }
    } = {},
  ): Promise<TestServer> {
    const { security = 'signAndEncrypt', user } = options
    const manager = newManager(join(place.dir, 'server'))
    await manager.initialize()
    const { certificateFile } = await applicationIn(place.dataDir)
    await manager.trustCertificate(new X509Certificate(readFileSync(certificateFile)).raw)
    const server = new OPCUAServer({
      port: options.port ?? 0,
      host: '127.0.0.1',
      hostname: '127.0.0.1',
      serverInfo: { applicationUri: 'urn:lantai:test:server' },
      serverCertificateManager: manager,
      userCertificateManager: newManager(join(place.dir, 'users')),
      securityModes: [...modes[security]],
      securityPolicies:
        security === 'none' ? [SecurityPolicy.None] : [SecurityPolicy.Basic256Sha256],
      allowAnonymous: user === undefined,
      userManager: {
        isValidUser: (name: string, password: string) =>
          name === user?.name && password === user.password,
      },
    })
    await server.initialize()
    const space = server.engine.addressSpace
    const namespace = space?.registerNamespace('urn:lantai:test')
    for (const [name, value] of [
      ['Temperature', 20.5],
      ['Humidity', 51],
    ] as const)
      namespace?.addVariable({
        organizedBy: space?.rootFolder.objects,
        browseName: name,
        nodeId: `s=${name}`,
        dataType: 'Double',
        value: { dataType: 'Double', value },
      } as Parameters<typeof namespace.addVariable>[0])
    await server.start()
    const port = Number(/:(\d+)(\/|$)/.exec(server.getEndpointUrl().slice(9))?.[1])
    return new TestServer(server, port)
  }

  async [Symbol.asyncDispose]() {
    await this.#server.shutdown(0)
  }
}
