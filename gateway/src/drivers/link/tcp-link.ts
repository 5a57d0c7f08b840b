import { connect, isIP, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import type { OpenLink, TlsTrust } from './byte-link.ts'

/** A TCP socket. Half-open peers are found by the drivers' own deadlines, not by TCP. */
export const openTcp = (host: string, port: number): OpenLink =>
  overSocket('connect', () => connect({ host, port, noDelay: true }))

/** A TLS socket to a peer whose certificate is in `trust.ca` or signed by it; anything else fails to open. */
export const openTls = (host: string, port: number, trust: TlsTrust): OpenLink =>
  overSocket('secureConnect', () =>
    connectTls({
      host,
      port,
      minVersion: 'TLSv1.2',
      // A pinned certificate is trusted although its issuer is not.
      allowPartialTrustChain: true,
      // An address is not sent as a name (RFC 6066), and is checked all the same.
      ...(isIP(host) ? {} : { servername: host }),
      ...trust,
    }),
  )

function overSocket(ready: 'connect' | 'secureConnect', open: () => Socket): OpenLink {
  return (handlers) => {
    const socket = open()
    let done = false
    let lastError = 'the peer closed the connection'
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.on(ready, () => {
      if (!done) handlers.opened()
    })
    socket.on('data', (chunk) => {
      if (!done) handlers.data(chunk)
    })
    socket.on('end', () => socket.destroy())
    socket.on('error', (error) => {
      lastError = error.message || 'connection failed'
    })
    socket.on('close', () => {
      if (done) return
      done = true
      handlers.closed(lastError)
    })
    return {
      write: (bytes) => {
        if (!done) socket.write(bytes)
      },
      close: () => {
        done = true
        socket.destroy()
        return gone
      },
    }
  }
}
