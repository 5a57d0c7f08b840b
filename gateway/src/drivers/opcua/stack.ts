/** The parts of node-opcua's client that the drivers use; loaded only with a driver that speaks OPC UA. */
import { createRequire } from 'node:module'
import type { Socket } from 'node:net'
import type { OPCUAServerOptions } from 'node-opcua-server'

/** Keeps the application's certificate and the trust list of a folder. */
export type CertificateManager = NonNullable<OPCUAServerOptions['serverCertificateManager']>

type ManagerClass = new (options: {
  rootFolder: string
  automaticallyAcceptUnknownCertificate: boolean
  disableFileWatchers: boolean
}) => CertificateManager

/** A package that the stack uses itself and does not hand out. */
const ofStack = createRequire(createRequire(import.meta.url).resolve('node-opcua-client'))

interface Transport {
  _socket: Socket | null
  _on_socket_data(data: Buffer): void
}

let guarded = false
/**
 * Makes bytes of a peer that the stack does not expect end that connection alone. As it is (node-opcua-transport 2.186.4)
 * two kinds of them end the process: an Acknowledge whose buffer is smaller than a header throws out of the socket's own
 * handler, and so does a bad header in the same segment behind the Acknowledge, for which nobody listens any more.
 */
export function guardTransports() {
  if (guarded) return
  guarded = true
  const { TCP_transport } = ofStack('node-opcua-transport') as {
    TCP_transport: { prototype: Transport }
  }
  const { prototype } = TCP_transport
  const heard = prototype._on_socket_data
  prototype._on_socket_data = function (data) {
    const socket = this._socket
    try {
      heard.call(this, data)
    } catch (error) {
      socket?.destroy(error instanceof Error ? error : new Error(String(error)))
    }
  }
}

/** The class that the client itself uses: it takes no other, and does not hand it out. */
export function newManager(rootFolder: string): CertificateManager {
  const name = 'node-opcua-certificate-manager'
  const { OPCUACertificateManager } = ofStack(name) as { OPCUACertificateManager: ManagerClass }
  return new OPCUACertificateManager({
    rootFolder,
    automaticallyAcceptUnknownCertificate: false,
    disableFileWatchers: true,
  })
}
