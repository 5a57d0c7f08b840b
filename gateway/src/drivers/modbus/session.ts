import type { Clock, Millis, Timer } from '@lantai/contracts'
import type { BadFrames } from '../link/bad-frames.ts'
import type { Connection } from '../link/connection.ts'
import type { Frame, Framing } from './frames.ts'
import { decodeReply, encodeRequest, type ModbusReply, type ModbusRequest } from './pdu.ts'

/** `lost`: no usable reply. What was `sent` may have had its effect (rule D16). `withdrawn`: never sent. */
export type Outcome =
  | ModbusReply
  | { kind: 'withdrawn' }
  | { kind: 'lost'; why: 'timeout' | 'bad-frame' | 'closed'; sent: boolean }

/** Lower goes first. A stop never waits behind a poll. */
export type Urgency = 0 | 1 | 2
export const urgency = { stop: 0, command: 1, poll: 2 } as const satisfies Record<string, Urgency>

/** What a driver sees of the line: from one opening to the next fault. */
export interface ModbusSession {
  readonly alive: boolean
  /** We ended it, since the line carried something wrong or nothing at all. */
  readonly faulted: boolean
  /** Waits, or less when the session ends. */
  pause(delay: Millis): Promise<void>
  /** Ends it for everybody on the line, since whose bytes are on it is not known. */
  end(reason: string): void
  /**
   * Sends once, never again. Fails at once when the connection has ended: nothing waits to run late (rule S5).
   * `still` is asked when the line is free for it, at the last moment before the frame is written.
   */
  request(
    unit: number,
    request: ModbusRequest,
    wanted?: Urgency,
    still?: () => boolean,
  ): Promise<Outcome>
}

/** One of those who share a line. */
export interface SessionUser {
  replyMs: Millis
  bad: BadFrames
  /** Faults since its last good reply; lives on from session to session. */
  faults: number
}

export interface ChannelOptions {
  clock: Clock
  framing: Framing
  /** Silence before the next request: 3.5 characters on a serial line, none over TCP. */
  gapMs: Millis
  /** Who goes first among equally urgent requests. Who was served is moved to the end. */
  order: SessionUser[]
}

interface Job {
  user: SessionUser
  unit: number
  request: ModbusRequest
  urgency: Urgency
  transaction: number
  /** Asked when its turn has come; false takes it back. */
  still: (() => boolean) | undefined
  done(outcome: Outcome): void
}

/**
 * Master on one open connection: one request at a time. RTU has no transaction id, so a late reply would be
 * taken for the next answer, every CRC valid. Therefore the first timeout, bad frame, wrong unit or stray byte
 * ends the connection; the line waits, opens anew and reads identities before it goes on (devices 3.1).
 */
export class ModbusChannel {
  readonly #connection: Connection
  readonly #options: ChannelOptions
  readonly #queue: Job[] = []
  #current: Job | null = null
  #deadline: Timer | null = null
  #resting = false
  #transaction = 0
  #buffer: Uint8Array = new Uint8Array(0)
  #faulted = false

  constructor(connection: Connection, options: ChannelOptions) {
    this.#connection = connection
    this.#options = options
    connection.listen((chunk) => this.#receive(chunk))
    connection.onEnd(() => this.#failAll())
  }

  get alive() {
    return this.#connection.alive
  }
  /** We ended it, since the line carried something wrong or nothing at all. */
  get faulted() {
    return this.#faulted
  }
  end(reason: string, user: SessionUser) {
    this.#faulted = true
    user.faults += 1
    this.#connection.end(reason)
  }

  request(
    user: SessionUser,
    unit: number,
    request: ModbusRequest,
    wanted: Urgency = urgency.poll,
    still?: () => boolean,
  ): Promise<Outcome> {
    return new Promise((resolve) => {
      if (!this.alive) {
        resolve({ kind: 'lost', why: 'closed', sent: false })
        return
      }
      this.#queue.push({
        user,
        unit,
        request,
        urgency: wanted,
        transaction: 0,
        still,
        done: resolve,
      })
      this.#pump()
    })
  }

  /** The most urgent; among those, of whom was served longest ago; among his own, the oldest. */
  #take(): Job | undefined {
    const { order } = this.#options
    const rank = (job: Job) => job.urgency * order.length + order.indexOf(job.user)
    const [first, ...rest] = this.#queue
    if (!first) return undefined
    const next = rest.reduce((best, job) => (rank(job) < rank(best) ? job : best), first)
    this.#queue.splice(this.#queue.indexOf(next), 1)
    return next
  }

  #pump() {
    if (this.#current || this.#resting || !this.alive) return
    const job = this.#take()
    if (!job) return
    if (job.still?.() === false) {
      job.done({ kind: 'withdrawn' })
      this.#pump()
      return
    }
    const { clock, framing, order } = this.#options
    order.push(...order.splice(order.indexOf(job.user), 1))
    this.#transaction = (this.#transaction % 0xffff) + 1
    job.transaction = this.#transaction
    this.#current = job
    this.#deadline = clock.after(job.user.replyMs, () => this.#late(job))
    const pdu = encodeRequest(job.request)
    this.#connection.write(framing.wrap({ unit: job.unit, transaction: job.transaction, pdu }))
  }

  #receive(chunk: Uint8Array) {
    this.#buffer = this.#buffer.length === 0 ? chunk : Buffer.concat([this.#buffer, chunk])
    const job = this.#current
    if (!job) {
      this.#spoilt('bytes that nobody asked for')
      return
    }
    const scan = this.#options.framing.scan(this.#buffer)
    if (scan.kind === 'more') return
    if (scan.kind === 'bad') this.#spoilt(scan.why)
    else if (scan.used < this.#buffer.length) this.#spoilt('bytes behind the reply')
    else this.#answer(job, scan.frame)
  }

  #answer(job: Job, frame: Frame) {
    if (frame.unit !== job.unit) {
      this.#spoilt(`unit ${frame.unit} answered for unit ${job.unit}`)
      return
    }
    if (frame.transaction !== null && frame.transaction !== job.transaction) {
      this.#spoilt(`transaction ${frame.transaction} in reply to ${job.transaction}`)
      return
    }
    const reply = decodeReply(job.request, frame.pdu)
    if (reply.kind === 'bad') {
      this.#spoilt(reply.why)
      return
    }
    this.#buffer = new Uint8Array(0)
    job.user.faults = 0
    this.#settle(reply)
    this.#rest()
  }

  #rest() {
    const { clock, gapMs } = this.#options
    if (gapMs <= 0) {
      this.#pump()
      return
    }
    this.#resting = true
    clock.after(gapMs, () => {
      this.#resting = false
      this.#pump()
    })
  }

  #late({ user }: Job) {
    if (this.#buffer.length > 0) user.bad.note(this.#buffer, 'half a frame, then silence')
    user.faults += 1
    this.#faulted = true
    this.#settle({ kind: 'lost', why: 'timeout', sent: true })
    this.#connection.end('no reply in time')
  }

  #spoilt(why: string) {
    // Bytes that nobody asked for are everybody's trouble.
    const users = this.#current ? [this.#current.user] : this.#options.order
    for (const user of users) user.bad.note(this.#buffer, why)
    if (this.#current) this.#current.user.faults += 1
    this.#faulted = true
    this.#settle({ kind: 'lost', why: 'bad-frame', sent: true })
    this.#connection.end(`bad frame: ${why}`)
  }

  #failAll() {
    this.#settle({ kind: 'lost', why: 'closed', sent: true })
    for (const job of this.#queue.splice(0)) job.done({ kind: 'lost', why: 'closed', sent: false })
  }

  #settle(outcome: Outcome) {
    this.#deadline?.cancel()
    const job = this.#current
    this.#current = null
    job?.done(outcome)
  }
}
