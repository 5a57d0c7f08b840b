import { createSocket } from 'node:dgram'
import type { OpenLink } from './byte-link.ts'

/** A UDP port that hears one peer only: each chunk is a datagram of it, strangers are not listened to. */
export function openUdp(localPort: number, host: string, port: number): OpenLink {
  return (handlers) => {
    const socket = createSocket(host.includes(':') ? 'udp6' : 'udp4')
    let done = false
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    const fail = (reason: string) => {
      if (done) return
      done = true
      socket.close()
      handlers.closed(reason)
    }
    socket.on('error', (error) => fail(error.message))
    // A connected socket hears nobody else, and an answer "port unreachable" comes as an error.
    socket.on('connect', () => {
      if (!done) handlers.opened()
    })
    socket.on('message', (chunk) => {
      if (!done) handlers.data(chunk)
    })
    socket.bind(localPort, () => {
      if (!done) socket.connect(port, host)
    })
    return {
      write: (bytes) => {
        if (!done) socket.send(bytes)
      },
      close: () => {
        if (!done) {
          done = true
          socket.close()
        }
        return gone
      },
    }
  }
}
