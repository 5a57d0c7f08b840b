import type { EventEmitter } from 'node:events'
import { once } from 'node:events'
import { createServer, type Server, type Socket } from 'node:net'
import { createServer as createTlsServer, type TlsOptions } from 'node:tls'
import { listenHost } from './listen-host.ts'

/** A listening socket, on loopback unless SIM_HOST says otherwise, that remembers who is connected. */
export class TcpListener {
  readonly server: Server
  readonly sockets = new Set<Socket>()

  readonly #ready: 'connection' | 'secureConnection'

  constructor(secure?: TlsOptions) {
    this.#ready = secure ? 'secureConnection' : 'connection'
    const options = { noDelay: true }
    this.server = secure ? createTlsServer({ ...secure, ...options }) : createServer(options)
    // Sockets in a TLS handshake too, so that stopping does not wait for them.
    this.server.on('connection', (socket) => {
      this.sockets.add(socket)
      socket.once('close', () => this.sockets.delete(socket))
      // A peer that vanishes is ordinary here; 'close' follows and does the rest.
      socket.on('error', () => this.sockets.delete(socket))
    })
  }

  /** Hears of each client that can be talked to. */
  onSocket(heard: (socket: Socket) => void): void {
    this.server.on(this.#ready, (socket: Socket) => {
      socket.on('error', () => socket.destroy())
      heard(socket)
    })
  }

  /** Listens on `port`, or on any free one when that is taken. Gives the port. */
  async start(port: number): Promise<number> {
    try {
      await this.#listen(port)
    } catch (cause) {
      if ((cause as NodeJS.ErrnoException).code !== 'EADDRINUSE') throw cause
      await this.#listen(0)
    }
    const address = this.server.address()
    if (address === null || typeof address === 'string') throw new Error('no port')
    return address.port
  }

  /** Half a message of noise to everyone who listens. */
  broadcast(bytes: Uint8Array): void {
    for (const s of this.sockets) s.write(bytes)
  }

  async stop(): Promise<void> {
    const closed = once(this.server, 'close')
    this.server.close()
    for (const s of this.sockets) s.destroy()
    await closed
  }

  async #listen(port: number): Promise<void> {
    const events: EventEmitter = this.server
    const listening = once(events, 'listening')
    this.server.listen(port, listenHost())
    await listening
  }
}
