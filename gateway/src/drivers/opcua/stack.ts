/** The parts of node-opcua's client that the drivers use; loaded only with a driver that speaks OPC UA. */
import { createRequire } from 'node:module'
import type { OPCUAServerOptions } from 'node-opcua-server'

/** Keeps the application's certificate and the trust list of a folder. */
export type CertificateManager = NonNullable<OPCUAServerOptions['serverCertificateManager']>

type ManagerClass = new (options: {
  rootFolder: string
  automaticallyAcceptUnknownCertificate: boolean
  disableFileWatchers: boolean
}) => CertificateManager

/** The class that the client itself uses: it takes no other, and does not hand it out. */
export function newManager(rootFolder: string): CertificateManager {
  const stack = createRequire(createRequire(import.meta.url).resolve('node-opcua-client'))
  const name = 'node-opcua-certificate-manager'
  const { OPCUACertificateManager } = stack(name) as { OPCUACertificateManager: ManagerClass }
  return new OPCUACertificateManager({
    rootFolder,
    automaticallyAcceptUnknownCertificate: false,
    disableFileWatchers: true,
  })
}
