import { createSocket, type RemoteInfo, type Socket } from 'node:dgram'
import { once } from 'node:events'
import { datagramFamily, listenHost } from './listen-host.ts'

/** A UDP port, on loopback unless SIM_HOST says otherwise. */
export class UdpListener {
  readonly #socket: Socket = createSocket(datagramFamily())

  on(take: (datagram: Uint8Array, from: RemoteInfo) => void): void {
    this.#socket.on('message', take)
  }

  /** Binds `port`, or rejects when it is taken: a master would not find it elsewhere. Gives the port. */
  async start(port: number): Promise<number> {
    const bound = once(this.#socket, 'listening')
    this.#socket.bind(port, listenHost())
    await bound
    // A master that is gone answers "port unreachable"; the next one is heard all the same.
    this.#socket.on('error', () => undefined)
    return this.#socket.address().port
  }

  send(bytes: Uint8Array, to: RemoteInfo): void {
    this.#socket.send(bytes, to.port, to.address)
  }

  async stop(): Promise<void> {
    const closed = once(this.#socket, 'close')
    this.#socket.close()
    await closed
  }
}
