import { connect } from 'node:net'
import type { OpenLink } from './byte-link.ts'

/** A TCP socket. Half-open peers are found by the drivers' own deadlines, not by TCP. */
export function openTcp(host: string, port: number): OpenLink {
  return (handlers) => {
    const socket = connect({ host, port, noDelay: true })
    let done = false
    let lastError = 'the peer closed the connection'
    const gone = new Promise<void>((resolve) => socket.once('close', () => resolve()))
    socket.on('connect', () => {
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
