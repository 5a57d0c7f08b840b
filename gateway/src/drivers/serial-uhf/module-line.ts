import { type Clock, millis, type Timer } from '@lantai/contracts'
import type { TagRead } from '../driver.ts'
import type { BadFrames } from '../link/bad-frames.ts'
import type { Connection } from '../link/connection.ts'
import type { Command, Family, Heard } from './family.ts'
import { FrameSearch, type Piece } from './framing.ts'

export const answerMs = 500
/** Bytes of one frame follow each other at once; half a frame that rests so long is none. */
export const restMs = 200
/** A module that answers a question with a refusal of no name. */
const anyRefusal = 0xff

export type Answer = { ok: true; data: Uint8Array } | { ok: false; why: string; refused: boolean }

const closed = { ok: false, why: 'the port was closed', refused: false } as const

export interface ModuleLineOptions {
  readonly clock: Clock
  readonly bad: BadFrames
  readonly family: Family
  readonly inventory: readonly Uint8Array[]
  reads(reads: TagRead[]): void
}

type Ending = 'silent' | 'restarted' | 'ended'

/** One open port: questions with their answers, then an inventory without end, until silence or a restart ends it. */
export class ModuleLine {
  readonly #connection: Connection
  readonly #o: ModuleLineOptions
  readonly #search: FrameSearch
  #rest: Timer | null = null
  #silence: Timer | null = null
  #waiting: { command: Command; done(answer: Answer): void } | null = null
  #reading: { done(why: Ending): void } | null = null
  #beep: { command: Command; sent: boolean; done(ok: boolean): void } | null = null
  #step = 0
  #rounds = 0
  /** Wall milliseconds of the last good frame. */
  heardMs: number

  constructor(connection: Connection, options: ModuleLineOptions) {
    this.#connection = connection
    this.#o = options
    this.#search = new FrameSearch(options.family.framing)
    this.heardMs = options.clock.now()
    connection.onEnd(() => this.#ended())
    connection.listen((chunk) => this.#receive(chunk))
  }

  /** Asks and waits for the answer with the same code. */
  ask(command: Command): Promise<Answer> {
    return new Promise((resolve) => {
      const timer = this.#o.clock.after(millis(answerMs), () =>
        done({ ok: false, why: `no answer to ${command.what}`, refused: false }),
      )
      const done = (answer: Answer) => {
        timer.cancel()
        this.#waiting = null
        resolve(answer)
      }
      if (!this.#connection.alive) return done(closed)
      this.#waiting = { command, done }
      this.#connection.write(command.bytes)
    })
  }

  /** Reads for ever; resolves when the module fell silent, told its version unasked, or the port closed. */
  read(): Promise<Ending> {
    return new Promise((resolve) => {
      this.#step = 0
      this.#reading = {
        done: (why) => {
          this.#reading = null
          this.#silence?.cancel()
          this.#failBeep()
          resolve(why)
        },
      }
      if (!this.#connection.alive) return this.#reading.done('ended')
      this.#watchSilence()
      this.#writeStep()
    })
  }

  /** Between two rounds, where the module listens. */
  beep(command: Command): Promise<boolean> {
    return new Promise((resolve) => {
      if (!this.#reading || this.#beep) return resolve(false)
      this.#beep = {
        command,
        sent: false,
        done: (ok) => {
          this.#beep = null
          resolve(ok)
        },
      }
    })
  }

  #receive(chunk: Uint8Array) {
    this.#take(this.#search.push(chunk))
    this.#rest?.cancel()
    this.#rest = null
    if (this.#search.pending > 0)
      this.#rest = this.#o.clock.after(millis(restMs), () => this.#take(this.#search.flush()))
  }

  #take(pieces: readonly Piece[]) {
    const reads: TagRead[] = []
    for (const p of pieces) {
      if ('skipped' in p) this.#o.bad.note(p.skipped, p.why)
      else this.#hear(p.frame, reads)
    }
    if (reads.length > 0) this.#o.reads(reads)
  }

  #hear(frame: Uint8Array, reads: TagRead[]) {
    const heard = this.#o.family.hear(frame)
    this.heardMs = this.#o.clock.now()
    if (heard.bad) this.#o.bad.note(frame, heard.bad)
    if (heard.answer) this.#answered(heard.answer)
    if (!this.#reading) return
    this.#watchSilence()
    reads.push(...(heard.reads ?? []))
    if (heard.roundOver) this.#roundOver()
  }

  #answered({ code, ok, why, data }: NonNullable<Heard['answer']>) {
    if (this.#beep?.sent && code === this.#beep.command.code) {
      this.#beep.done(ok)
      this.#writeStep()
      return
    }
    const waiting = this.#waiting
    if (waiting && (code === waiting.command.code || code === anyRefusal)) {
      const refusal = { why: `${waiting.command.what}: ${why ?? ''}`, refused: true }
      waiting.done(ok ? { ok, data } : { ok, ...refusal })
      return
    }
    // Nobody asked: that is how a module greets after power came back.
    if (code === this.#o.family.version.code) this.#reading?.done('restarted')
  }

  #roundOver() {
    const { roundsPerStep } = this.#o.family
    this.#rounds += 1
    if (roundsPerStep === null || this.#rounds < roundsPerStep) return
    this.#step += 1
    if (this.#beep && !this.#beep.sent) {
      this.#beep.sent = true
      this.#connection.write(this.#beep.command.bytes)
    } else this.#writeStep()
  }

  #writeStep() {
    const { inventory } = this.#o
    this.#rounds = 0
    const bytes = inventory[this.#step % inventory.length]
    if (bytes) this.#connection.write(bytes)
  }

  #watchSilence() {
    const { clock, family } = this.#o
    this.#silence?.cancel()
    this.#silence = clock.after(millis(family.silentMs), () => this.#reading?.done('silent'))
  }

  #failBeep() {
    this.#beep?.done(false)
  }

  #ended() {
    this.#rest?.cancel()
    this.#waiting?.done(closed)
    this.#reading?.done('ended')
  }
}
