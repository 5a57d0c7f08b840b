import { readFileSync } from 'node:fs'
import type { DriverIo, OpenLink, TlsTrust } from '../link/byte-link.ts'
import type { LlrpReader, ReaderTls } from './kind.ts'

/** The link to a reader: TLS where the entry says so, with nothing trusted but what it names. */
export function openReader({ host, port, tls }: LlrpReader, io: DriverIo): OpenLink {
  if (!tls) return io.tcp(host, port)
  return (handlers) => {
    // Read anew for each connection, so that a renewed certificate needs no restart.
    const trust = trustOf(tls)
    if ('problem' in trust) {
      handlers.closed(trust.problem)
      return { write: () => undefined, close: () => Promise.resolve() }
    }
    return io.tls(host, port, trust)(handlers)
  }
}

function trustOf(tls: ReaderTls): TlsTrust | { problem: string } {
  const { ca, servername, certPath, keyPath } = tls
  try {
    return {
      ca: ca.includes('-----BEGIN') ? ca : readFileSync(ca, 'utf8'),
      ...(servername === undefined ? {} : { servername }),
      ...(certPath === undefined ? {} : { cert: readFileSync(certPath, 'utf8') }),
      ...(keyPath === undefined ? {} : { key: readFileSync(keyPath, 'utf8') }),
    }
  } catch (error) {
    return { problem: `certificate: ${error instanceof Error ? error.message : String(error)}` }
  }
}
