/**
 * The trust list of the gateway's OPC UA client, as files of its PKI folder. It needs nothing of the protocol: the console
 * lists and approves with it in a process that never loads OPC UA.
 */
import { createHash, X509Certificate } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync } from 'node:fs'
import { join } from 'node:path'

/** Where the folder lies below a data directory. */
export const pkiOf = (dataDir: string): string => join(dataDir, 'opcua', 'pki')
/** Where passwords for servers lie, filled by hand (0600); a device list names them and nothing outside. */
export const secretsDirOf = (dataDir: string): string => join(dataDir, 'opcua', 'secrets')
/** The same of the view that a plant's SCADA looks into. */
export const viewPkiOf = (dataDir: string): string => join(dataDir, 'opcua-view', 'pki')
export const ownCertificateOf = (pki: string): string => join(pki, 'own', 'certs', 'lantai.pem')

export interface CertificateView {
  /** SHA-1 of the certificate, lower-case hex: what OPC UA calls its thumbprint, and how other tools show it. */
  thumbprint: string
  /** SHA-256, for those who compare it by eye with the device's own page. */
  fingerprint: string
  subject: string
  /** What it says to be: application URI, DNS names. */
  names: string
  validFrom: string
  validTo: string
}

export const thumbprintOf = (der: Uint8Array): string =>
  createHash('sha1').update(der).digest('hex')

/** As text for a person; `file` may hold a chain, whose first certificate is the server's own. */
function viewOf(der: Buffer): CertificateView {
  const c = new X509Certificate(der)
  return {
    thumbprint: thumbprintOf(c.raw),
    fingerprint: c.fingerprint256,
    subject: c.subject.replaceAll('\n', ', '),
    names: c.subjectAltName ?? '',
    validFrom: c.validFromDate.toISOString(),
    validTo: c.validToDate.toISOString(),
  }
}

const rejectedIn = (pki: string): { file: string; view: CertificateView }[] => {
  const folder = join(pki, 'rejected')
  if (!existsSync(folder)) return []
  return readdirSync(folder).flatMap((name) => {
    const file = join(folder, name)
    try {
      return [{ file, view: viewOf(readFileSync(file)) }]
    } catch {
      // Whatever else lies there is no certificate, and cannot be approved.
      return []
    }
  })
}

/** Certificates of servers that nobody has approved yet. */
export const listRejected = (pki: string): CertificateView[] =>
  rejectedIn(pki).map(({ view }) => view)

/** Takes a rejected certificate into the trust list; null when there is none with this thumbprint. */
export function approve(pki: string, thumbprint: string): CertificateView | null {
  const found = rejectedIn(pki).find(({ view }) => view.thumbprint === thumbprint)
  if (!found) return null
  const trusted = join(pki, 'trusted', 'certs')
  mkdirSync(trusted, { recursive: true })
  renameSync(found.file, join(trusted, `approved-${thumbprint}.pem`))
  return found.view
}

/** Days until the application's own certificate ends; null where there is none yet. */
export function daysLeft(certificate: string | Buffer, now: number): number {
  const { validToDate } = new X509Certificate(certificate)
  return (validToDate.getTime() - now) / 86_400_000
}
