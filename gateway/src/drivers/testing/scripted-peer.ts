import { once } from 'node:events'
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net'

/** One accepted connection, as raw bytes. */
export class PeerConnection {
  readonly #socket: Socket
  #received = Buffer.alloc(0)
  #wanted: { count: number; done: (bytes: Buffer) => void } | null = null
  readonly closed: Promise<void>

  constructor(socket: Socket) {
    this.#socket = socket
    socket.on('data', (chunk) => {
      this.#received = Buffer.concat([this.#received, chunk])
      this.#serve()
    })
    // A reset is how the other side hangs up in these tests; `close` follows and is what they wait for.
    socket.on('error', () => socket.destroy())
    this.closed = new Promise((resolve) => socket.once('close', () => resolve()))
  }

  /** The next `count` bytes. */
  bytes(count: number): Promise<Buffer> {
    return new Promise((done) => {
      this.#wanted = { count, done }
      this.#serve()
    })
  }
  async hex(count: number): Promise<string> {
    return (await this.bytes(count)).toString('hex').toUpperCase()
  }
  write(bytes: Uint8Array | string) {
    this.#socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'hex') : bytes)
  }
  /** Says goodbye behind what was written. */
  finish() {
    this.#socket.end()
  }
  hangUp() {
    this.#socket.destroy()
  }
  /** What came and was not asked for yet. */
  get unread(): number {
    return this.#received.length
  }

  #serve() {
    if (!this.#wanted || this.#received.length < this.#wanted.count) return
    const { count, done } = this.#wanted
    this.#wanted = null
    const bytes = this.#received.subarray(0, count)
    this.#received = this.#received.subarray(count)
    done(bytes)
  }
}

/** A device of raw bytes on a loopback port; a test writes its every word. */
export class ScriptedPeer implements AsyncDisposable {
  readonly #server: Server
  readonly #waiting: PeerConnection[] = []
  readonly #open = new Set<Socket>()
  #next: ((connection: PeerConnection) => void) | null = null
  /** How many connections were made in all. */
  connections = 0

  private constructor(server: Server) {
    this.#server = server
    server.on('connection', (socket) => {
      this.connections += 1
      this.#open.add(socket)
      socket.setNoDelay(true)
      socket.on('close', () => this.#open.delete(socket))
      const connection = new PeerConnection(socket)
      if (this.#next) this.#next(connection)
      else this.#waiting.push(connection)
      this.#next = null
    })
  }

  static async listen(port = 0): Promise<ScriptedPeer> {
    const server = createServer()
    server.listen(port, '127.0.0.1')
    await once(server, 'listening')
    return new ScriptedPeer(server)
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port
  }
  /** The next connection that a driver makes. */
  accept(): Promise<PeerConnection> {
    const waiting = this.#waiting.shift()
    if (waiting) return Promise.resolve(waiting)
    return new Promise((resolve) => {
      this.#next = resolve
    })
  }
  async [Symbol.asyncDispose]() {
    for (const socket of this.#open) socket.destroy()
    this.#server.close()
    await once(this.#server, 'close')
  }
}
