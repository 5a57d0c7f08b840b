import { type Clock, type Millis, millis, seconds } from '@lantai/contracts'
import type { Logger } from 'pino'
import type { BadFrames } from '../link/bad-frames.ts'
import type { Connection } from '../link/connection.ts'
import { LlrpFormatError } from './bytes.ts'
import {
  decodeMessage,
  encodeMessage,
  Framer,
  type Message,
  type MessageName,
  message,
  type Version,
} from './frames.ts'
import { messageTable } from './message-table.ts'
import { find, param } from './parameters.ts'

export const keepaliveMs = 10_000
/** Three missed keepalives (devices 3.2). */
const deadAfterMs = 3 * keepaliveMs
const answerWithin = seconds(10)
const unsupportedVersion = 110
const errorMessageType = 100

export type Answer<N extends MessageName> =
  | { ok: true; message: Message<N> }
  | { ok: false; why: string; code: number | null }

interface Waiting {
  asked: MessageName
  name: MessageName
  done(answer: Answer<MessageName>): void
}

export interface SessionOptions {
  clock: Clock
  log: Logger
  bad: BadFrames
  /** Everything that is no answer and no keepalive. */
  hear(message: Message): void
  keptAlive(): void
}

/** One connection to a reader: frames, answers by message id, keepalives, and the silence that means death. */
export class LlrpSession {
  readonly #connection: Connection
  readonly #options: SessionOptions
  readonly #framer = new Framer()
  readonly #waiting = new Map<number, Waiting>()
  /** Spoken by us. Until the two have agreed on one (`settled`), the reader may still speak the other. */
  version: Version = 1
  #settled = false
  #nextId = 1
  #heardMono: number
  #heardWall: number

  constructor(connection: Connection, options: SessionOptions) {
    this.#connection = connection
    this.#options = options
    this.#heardMono = options.clock.mono()
    this.#heardWall = options.clock.now()
    connection.listen((chunk) => this.#receive(chunk))
    connection.onEnd(() => this.#failAll())
    this.#watch()
  }

  get alive() {
    return this.#connection.alive
  }
  /** Wall milliseconds of the last message: since then the reader's reads are not known. */
  get lastHeardMs() {
    return this.#heardWall
  }
  /** The request that waited when the connection ended. */
  unanswered: MessageName | null = null

  /** From now on a message of another version is refused. */
  settleVersion() {
    this.#settled = true
  }
  pause(delay: Millis) {
    return this.#connection.pause(delay)
  }
  end(reason: string) {
    this.#connection.end(reason)
  }
  ended() {
    return this.#connection.ended()
  }

  /** Sends a message that gets no answer. */
  send(name: 'ENABLE_EVENTS_AND_REPORTS') {
    this.#write(message(name, this.#id(), {}))
  }

  /** Sends a request and waits for the answer of that type and id, with a status of success. */
  call<Q extends MessageName, A extends MessageName>(
    name: Q,
    values: Message<Q>['values'],
    params: Message['params'],
    answerName: A,
  ): Promise<Answer<A>> {
    const id = this.#id()
    return new Promise((resolve) => {
      const deadline = this.#options.clock.after(answerWithin, () =>
        finish({ ok: false, why: `no answer to ${name}`, code: null }),
      )
      const finish = (answer: Answer<MessageName>) => {
        deadline.cancel()
        this.#waiting.delete(id)
        resolve(answer as Answer<A>)
      }
      if (!this.alive) {
        finish({ ok: false, why: 'the connection ended', code: null })
        return
      }
      this.#waiting.set(id, { asked: name, name: answerName, done: finish })
      this.#write({ name, id, values, params } as Message)
    })
  }

  #id(): number {
    const id = this.#nextId
    this.#nextId = id === 0xffff_ffff ? 1 : id + 1
    return id
  }
  #write(m: Message) {
    this.#connection.write(encodeMessage(m, this.version))
  }

  #receive(chunk: Uint8Array) {
    try {
      for (const frame of this.#framer.push(chunk)) if (this.alive) this.#take(frame)
    } catch (error) {
      if (!(error instanceof LlrpFormatError)) throw error
      this.#broken(this.#framer.pending, error.message)
    }
  }

  #take(frame: Uint8Array) {
    const { clock, bad } = this.#options
    const decoded = decodeMessage(frame)
    switch (decoded.kind) {
      case 'malformed':
        this.#broken(frame, decoded.why)
        return
      case 'wrong-version':
        this.#foreign(frame, decoded.version, decoded.type, decoded.id)
        return
      case 'unknown-type':
        bad.note(frame, `unknown message type ${decoded.type}`)
        return
      case 'message':
        // A refusal of our version comes in the reader's own.
        if (
          this.#settled &&
          decoded.version !== this.version &&
          decoded.message.name !== 'ERROR_MESSAGE'
        ) {
          const { name, id } = decoded.message
          this.#foreign(frame, decoded.version, messageTable[name].type, id)
          return
        }
        this.#heardMono = clock.mono()
        this.#heardWall = clock.now()
        // What could be read is kept; the frame is evidence that the reader says more than we understand.
        if (decoded.skipped.unknownTv > 0) bad.note(frame, 'unknown TV parameter')
        this.#dispatch(decoded.message)
    }
  }

  #foreign(frame: Uint8Array, version: number, type: number, id: number) {
    this.#options.bad.note(frame, `LLRP version ${version}`)
    // An ERROR_MESSAGE is never answered.
    if (type !== errorMessageType) this.#refuseVersion(id)
  }

  #dispatch(m: Message) {
    if (m.name === 'KEEPALIVE') {
      this.#write(message('KEEPALIVE_ACK', m.id, {}))
      this.#options.keptAlive()
      return
    }
    const waiting = this.#waiting.get(m.id)
    if (m.name === 'ERROR_MESSAGE' && waiting) waiting.done(failure(m))
    else if (waiting?.name === m.name) waiting.done(statusOf(m))
    else this.#options.hear(m)
  }

  /** TCP cannot be resynchronised. */
  #broken(bytes: Uint8Array, why: string) {
    this.#options.bad.note(bytes, why)
    this.#connection.end(`bad frame: ${why}`)
  }

  #refuseVersion(id: number) {
    const status = param('LLRPStatus', { code: unsupportedVersion, text: '' })
    this.#write(message('ERROR_MESSAGE', id, {}, [status]))
  }

  #watch() {
    const silent = this.#options.clock.mono() - this.#heardMono
    if (silent >= deadAfterMs) {
      this.#connection.end('the reader fell silent: three keepalives missed')
      return
    }
    const timer = this.#options.clock.after(millis(deadAfterMs - silent), () => {
      forget()
      this.#watch()
    })
    const forget = this.#connection.onEnd(() => timer.cancel())
  }

  #failAll() {
    for (const { asked, done } of [...this.#waiting.values()]) {
      this.unanswered = asked
      done({ ok: false, why: 'the connection ended', code: null })
    }
  }
}

function failure(m: Message): Answer<MessageName> {
  const status = find(m.params, 'LLRPStatus')?.values
  const why = `the reader refused: ${status?.code ?? 'no status'} ${status?.text ?? ''}`.trim()
  return { ok: false, why, code: status?.code ?? null }
}

/** CUSTOM_MESSAGE keeps its status in the payload; its caller looks there. */
function statusOf(m: Message): Answer<MessageName> {
  if (m.name === 'CUSTOM_MESSAGE' || m.name === 'CLOSE_CONNECTION_RESPONSE')
    return { ok: true, message: m }
  return find(m.params, 'LLRPStatus')?.values.code === 0 ? { ok: true, message: m } : failure(m)
}
