/** Whom a secured reader lets in. */
import { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import { TLSSocket, type TlsOptions } from 'node:tls'
import type { ReaderTls } from '../messages.ts'

/** With a list of trusted clients a certificate is asked for; `letsIn` then judges it. */
export function secureOptions({ cert, key, trust }: ReaderTls): TlsOptions {
  const asked = { requestCert: true, rejectUnauthorized: false, ca: [...trust] }
  return { cert, key, ...(trust.length > 0 ? asked : {}) }
}

/** Signed by one of the list, or itself one of it: a server of Node takes no certificate without its issuer. */
export function letsIn({ trust, allowNone }: ReaderTls, socket: Socket): boolean {
  if (trust.length === 0 || allowNone) return true
  if (!(socket instanceof TLSSocket)) return false
  const shown = socket.getPeerX509Certificate()
  return (
    socket.authorized ||
    trust.some((pem) => shown !== undefined && new X509Certificate(pem).raw.equals(shown.raw))
  )
}
