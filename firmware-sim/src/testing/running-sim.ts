/** The simulator as its own process in a directory of its own, for tests from outside. */
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createConnection, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { DeviceFile } from '@lantai/contracts'

export interface Ready {
  readonly ready: true
  readonly controlPort: number
  readonly controlToken: string
  readonly devices: DeviceFile
}

/** What the control channel may say; each path fills some of it. */
export interface ControlAnswer {
  readonly error?: string | string[]
  readonly idle?: boolean
  readonly firstEpc?: string
  readonly lastEpc?: string
  readonly survey?: object
}

export class RunningSim {
  readonly dir: string
  #child: ChildProcess | null = null
  ready: Ready | null = null

  constructor(dir = mkdtempSync(join(tmpdir(), 'lantai-sim-'))) {
    this.dir = dir
  }

  async start(): Promise<Ready> {
    const main = new URL('../main.ts', import.meta.url)
    const env = { ...process.env, SIM_DIR: this.dir, SIM_TODAY: '2026-11-22', LOG_LEVEL: 'error' }
    const execArgv = ['--conditions=source']
    const child = fork(main, { env, execArgv, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
    this.#child = child
    const [message] = (await once(child, 'message')) as [Ready]
    this.ready = message
    return message
  }

  /** Ends it; with SIGKILL as a crash would. */
  async end(signal: 'SIGTERM' | 'SIGKILL' = 'SIGTERM'): Promise<number | null> {
    const child = this.#child
    if (!child) return null
    this.#child = null
    const exited = once(child, 'exit') as Promise<[number | null]>
    child.kill(signal)
    return (await exited)[0]
  }

  async dispose(): Promise<void> {
    await this.end()
    rmSync(this.dir, { recursive: true, force: true })
  }

  async call(method: 'GET' | 'POST', path: string, body?: unknown, token?: string) {
    const response = await fetch(`http://127.0.0.1:${this.ready?.controlPort}${path}`, {
      method,
      headers: { authorization: `Bearer ${token ?? this.ready?.controlToken}` },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    return { status: response.status, json: (await response.json()) as ControlAnswer }
  }

  /** Posts and expects that it was done. */
  async act(path: string, body: unknown): Promise<ControlAnswer> {
    const { status, json } = await this.call('POST', `/world/${path}`, body)
    if (status !== 200) throw new Error(`${path}: ${status} ${JSON.stringify(json)}`)
    return json
  }

  async idle(): Promise<void> {
    const { json } = await this.call('GET', '/world/idle?timeoutMs=20000')
    if (json.idle !== true) throw new Error('the world does not come to rest')
  }

  // biome-ignore lint/suspicious/noExplicitAny: a test's look at free JSON
  async state(): Promise<any> {
    return (await this.call('GET', '/world/state')).json
  }

  device(driver: string, id?: string): OnWire {
    const found = this.ready?.devices.devices.find(
      (d) => d.driver === driver && (id === undefined || d.id === id),
    )
    if (!found) throw new Error(`no ${driver} ${id ?? ''}`)
    return found as unknown as OnWire
  }
}

/** Where a device of the list is met: the fields that its driver's entry has. */
export interface OnWire {
  readonly host: string
  readonly port: number
  readonly line:
    | { transport: 'tcp'; host: string; port: number }
    | { transport: 'rtu'; path: string }
}

/** A TCP connection whose bytes can be waited for. */
export class Wire {
  readonly socket: Socket
  #bytes: Buffer = Buffer.alloc(0)
  #wake: () => void = () => undefined

  constructor(port: number) {
    this.socket = createConnection({ port, host: '127.0.0.1', noDelay: true })
    this.socket.on('error', () => this.#wake())
    this.socket.on('close', () => this.#wake())
    this.socket.on('data', (chunk: Buffer) => {
      this.#bytes = Buffer.concat([this.#bytes, chunk])
      this.#wake()
    })
  }

  send(bytes: Buffer | string): void {
    this.socket.write(typeof bytes === 'string' ? Buffer.from(bytes, 'hex') : bytes)
  }

  /** Gives `take` all bytes so far, again and again, until it finds what it wants and says how much to drop. */
  async until<T>(take: (bytes: Buffer) => { value: T; used: number } | null): Promise<T> {
    for (;;) {
      const found = take(this.#bytes)
      if (found) {
        this.#bytes = this.#bytes.subarray(found.used)
        return found.value
      }
      if (this.socket.destroyed) throw new Error('the connection has ended')
      await new Promise<void>((resolve) => {
        this.#wake = resolve
      })
    }
  }

  close(): void {
    this.socket.destroy()
  }
}

/** Sends one Modbus TCP request to unit 1 and gives the PDU of the answer as hex. */
export async function askModbus(wire: Wire, pduHex: string): Promise<string> {
  const pdu = Buffer.from(pduHex, 'hex')
  const head = Buffer.from([0x12, 0x34, 0, 0, 0, pdu.length + 1, 1])
  wire.send(Buffer.concat([head, pdu]))
  return wire.until((bytes) => {
    if (bytes.length < 7 || bytes.length < 6 + bytes.readUInt16BE(4)) return null
    const used = 6 + bytes.readUInt16BE(4)
    return { value: bytes.subarray(7, used).toString('hex'), used }
  })
}
