import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { makeApplicationUrn, setErrorLogger, setWarningLogger } from 'node-opcua-client'
import { type CertificateManager, guardTransports, newManager } from './stack.ts'
import { daysLeft, ownCertificateOf, pkiOf, secretsDirOf } from './trust.ts'

export const applicationName = 'Lantai'

/** Who the gateway is to OPC UA servers: one application certificate for all its devices, and one trust list. */
export interface Application {
  readonly pki: string
  readonly secrets: string
  readonly manager: CertificateManager
  readonly applicationUri: string
  readonly certificateFile: string
  readonly privateKeyFile: string
  /** Days until our own certificate ends. */
  daysLeft(now: number): number
}

// The stack would print to the terminal what it also throws; with us it stands in the device's health.
const quiet = () => undefined
setErrorLogger(quiet)
setWarningLogger(quiet)
guardTransports()

const validDays = 5 * 365
const made = new Map<string, Promise<Application>>()

/** The application of a data directory; its key and certificate are made at first use. */
export function applicationIn(dataDir: string): Promise<Application> {
  const pki = pkiOf(dataDir)
  const known = made.get(pki)
  if (known !== undefined) return known
  const making = open(pki, secretsDirOf(dataDir))
  made.set(pki, making)
  // What failed may work at the next try, such as a folder that somebody makes writable.
  making.catch(() => made.delete(pki))
  return making
}

async function open(pki: string, secrets: string): Promise<Application> {
  mkdirSync(pki, { recursive: true, mode: 0o700 })
  const manager = newManager(pki)
  await manager.initialize()
  const applicationUri = makeApplicationUrn(hostname(), applicationName)
  const certificateFile = ownCertificateOf(pki)
  if (!existsSync(certificateFile))
    await manager.createSelfSignedCertificate({
      applicationUri,
      dns: [hostname()],
      outputFile: certificateFile,
      subject: `/CN=${applicationName}/O=${hostname()}`,
      startDate: new Date(Date.now() - 86_400_000),
      validity: validDays,
    })
  const certificate = readFileSync(certificateFile)
  return {
    pki,
    secrets,
    manager,
    applicationUri,
    certificateFile,
    privateKeyFile: join(pki, 'own', 'private', 'private_key.pem'),
    daysLeft: (now) => daysLeft(certificate, now),
  }
}
