import { type Millis, millis } from '@lantai/contracts'
import type { ShelvingAnswer, ShelvingRequest } from '../driver.ts'
import type { Connection } from '../link/connection.ts'
import { columnOf } from '../shelving/place.ts'
import type { ShelvingLink, ShelvingTools } from '../shelving/protocol.ts'
import type { BankStatus } from '../shelving/status.ts'
import { crc8 } from './crc8.ts'
import { columnStates, commands, encodeFrame, type Frame, framesOf } from './frames.ts'
import type { MjjShelving } from './kind.ts'
import { observe } from './observe.ts'
import { frameOf, questionsOf } from './verbs.ts'

/** The protocol's own window for the answer to a command. */
const replyMs = 3000
/** A look asks up to this often, so long apart: a lost datagram is not a lost link. */
const asks = 3
const askEveryMs = 150

const keyOf = (f: Pick<Frame, 'command' | 'column'>) => `${f.command} ${f.column}`

/** What a look waits for, by the column that answers. */
interface Look {
  readonly open: Map<string, Frame>
  readonly heard: Map<number, { moving: boolean; state: (typeof columnStates)[number] | null }>
  alarm: number | null
  done(): void
}

/** One bound UDP port. Datagrams may be lost, doubled, late or in another order. */
export class MjjLink implements ShelvingLink {
  readonly #connection: Connection
  readonly #device: MjjShelving
  readonly #tools: ShelvingTools
  readonly #news: (status: BankStatus) => void
  readonly #waiting = new Map<string, () => void>()
  #look: Look | null = null

  constructor(
    connection: Connection,
    device: MjjShelving,
    tools: ShelvingTools,
    news: (status: BankStatus) => void,
  ) {
    this.#connection = connection
    this.#device = device
    this.#tools = tools
    this.#news = news
    connection.listen((datagram) => this.#take(datagram))
  }

  get alive() {
    return this.#connection.alive
  }
  pause(delay: Millis) {
    return this.#connection.pause(delay)
  }

  /** One datagram, once. Its echo within three seconds says that it was taken; a second echo says nothing more. */
  async send(request: ShelvingRequest, still: () => boolean): Promise<ShelvingAnswer> {
    const frame = frameOf(this.#device, request)
    if (!frame) return 'unsupported'
    const key = keyOf(frame)
    // An echo could not tell which of two equal commands it answers.
    if (this.#waiting.has(key)) return 'rejected'
    if (!this.alive) return 'link-lost'
    if (!still()) return 'withdrawn'
    return await new Promise<ShelvingAnswer>((resolve) => {
      const end = (answer: ShelvingAnswer) => {
        this.#waiting.delete(key)
        timer.cancel()
        forget()
        resolve(answer)
      }
      const timer = this.#tools.clock.after(millis(replyMs), () => end('link-lost'))
      const forget = this.#connection.onEnd(() => queueMicrotask(() => end('link-lost')))
      this.#waiting.set(key, () => end('sent'))
      this.#write(frame)
    })
  }

  async look(): Promise<BankStatus | null> {
    const questions = questionsOf(this.#device)
    const look = this.#newLook(questions)
    for (let n = 0; n < asks && look.open.size > 0 && this.alive; n++) {
      for (const question of look.open.values()) this.#write(question)
      await this.#answered(look, askEveryMs)
    }
    this.#look = null
    if (!this.alive) return null
    if (look.open.size < questions.length) return observe(this.#device, this.#heard(look))
    this.#connection.end('no answer to any question')
    return null
  }

  #newLook(questions: readonly Frame[]): Look {
    const open = new Map(questions.map((q) => [keyOf(q), q]))
    const look: Look = { open, heard: new Map(), alarm: null, done: () => undefined }
    this.#look = look
    return look
  }
  #heard = (look: Look) => ({ columns: look.heard, alarm: look.alarm })

  /** Until everything was answered, or so long. */
  #answered(look: Look, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        timer.cancel()
        forget()
        resolve()
      }
      const timer = this.#tools.clock.after(millis(ms), end)
      const forget = this.#connection.onEnd(() => queueMicrotask(end))
      look.done = end
    })
  }

  #write(frame: Frame) {
    this.#connection.write(encodeFrame(frame, this.#device.crc))
  }

  #take(datagram: Uint8Array) {
    for (const found of framesOf(datagram)) {
      const bytes = datagram.subarray(found.offset, found.offset + found.length)
      if ('error' in found) this.#tools.bad.note(bytes, found.error)
      else if (crc8(found.covered, this.#device.crc) !== found.crc)
        this.#tools.bad.note(bytes, 'wrong CRC')
      else if (found.frame.zone === this.#device.zone) this.#hear(found.frame)
    }
  }

  #hear(frame: Frame) {
    if (frame.command === commands.alarm) return this.#alarm(frame)
    if (frame.command === commands.finished || frame.command === commands.moving)
      return this.#column(frame)
    // Late or second echoes find nobody who waits: they are no news.
    this.#waiting.get(keyOf(frame))?.()
  }

  #column(frame: Frame) {
    const column = columnOf(this.#device, frame.column)
    if (column === null) return
    const moving = frame.command === commands.moving
    const look = this.#look
    const asked = { command: commands.finished, column: frame.column }
    if (!look?.open.has(keyOf(asked))) return this.#unasked(column, moving)
    // Two answers that differ within one look: the one that moves counts, whichever is the older (S1).
    look.heard.set(column, { moving, state: columnStates[frame.data[0] ?? -1] ?? null })
    this.#settled(look, keyOf(asked))
  }

  /** Late, doubled or unasked: that something moves is news at once; that it stands is only believed when asked. */
  #unasked(column: number, moving: boolean) {
    if (!moving) return
    const heard = new Map([[column, { moving, state: null }]])
    this.#look?.heard.set(column, { moving, state: null })
    this.#news(observe(this.#device, { columns: heard, alarm: null }))
  }

  #alarm(frame: Frame) {
    const code = frame.data[0] ?? 0
    const key = keyOf(frame)
    const look = this.#look
    if (look) look.alarm = Math.max(look.alarm ?? 0, code)
    if (look?.open.has(key)) return this.#settled(look, key)
    if (code !== 0) this.#news(observe(this.#device, { columns: new Map(), alarm: code }))
  }

  #settled(look: Look, key: string) {
    look.open.delete(key)
    if (look.open.size === 0) look.done()
  }
}
