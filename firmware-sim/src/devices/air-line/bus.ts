/**
 * The RS-485 line: frames end with 3.5 characters of silence, a reply comes after the transmitter's turnaround,
 * and every byte takes its time at the configured speed, which a pty alone would not do (devices 5).
 */
import type { Clock, Timer } from '@lantai/contracts'
import { ms } from '../../system-clock.ts'
import type { Rng } from '../../world/rng.ts'
import type { SerialFault } from '../messages.ts'
import { openFrame, withCrc } from './rtu.ts'

/** Start, eight data bits, stop. */
const bitsPerByte = 10
const turnaroundMs = 12
/** Beyond any sensible reply timeout, so that a master meets the answer to its previous question. */
const lateMs = 900
const longestFrame = 256

/** A slave on the line; it gives its whole reply, unit and CRC included. */
export interface BusUnit {
  readonly unit: number
  answer(fc: number, data: Buffer): Buffer
}

export interface BusOptions {
  readonly baud: number
  readonly clock: Clock
  readonly rng: Rng
  readonly units: readonly BusUnit[]
  readonly write: (bytes: Buffer) => void
}

interface Transmission {
  readonly bytes: Buffer
  sent: number
  startedAt: number
}

export class Bus {
  readonly #o: BusOptions
  readonly #byteMs: number
  #rx: Buffer = Buffer.alloc(0)
  #rxDoneAt = 0
  #gap: Timer | null = null
  #faults: { fault: SerialFault; left: number }[] = []
  #tx: Transmission[] = []
  frames = 0
  badFrames = 0
  replies = 0

  constructor(options: BusOptions) {
    this.#o = options
    this.#byteMs = (bitsPerByte / options.baud) * 1000
  }

  /** Bytes from the master. They come at once over a pty, but are taken to need their time on the line. */
  receive(chunk: Buffer): void {
    const now = this.#o.clock.mono()
    this.#rxDoneAt = Math.max(now, this.#rxDoneAt) + chunk.length * this.#byteMs
    this.#rx = Buffer.concat([this.#rx, chunk]).subarray(-longestFrame - 1)
    this.#gap?.cancel()
    const silence = this.#rxDoneAt - now + 3.5 * this.#byteMs
    this.#gap = this.#o.clock.after(ms(silence), () => this.#frameEnds())
  }

  addFault(fault: SerialFault): void {
    this.#faults.push({ fault, left: fault.times ?? Number.POSITIVE_INFINITY })
  }
  heal(): void {
    this.#faults = []
  }
  /** Noise that no transmitter sent. */
  noise(count: number): void {
    this.#send(this.#random(count), 0)
  }
  /** The cable is out: nothing of what was under way arrives. */
  reset(): void {
    this.#gap?.cancel()
    this.#rx = Buffer.alloc(0)
    this.#tx = []
  }

  #frameEnds(): void {
    const frame = openFrame(this.#rx)
    this.#rx = Buffer.alloc(0)
    this.frames++
    if (!frame) {
      this.badFrames++
      return
    }
    const unit = this.#o.units.find((u) => u.unit === frame.unit)
    if (!unit) return
    const reply = unit.answer(frame.fc, frame.data)
    const wrong = this.#takeFault(frame.unit)
    const spoilt = this.#spoil(reply, wrong)
    if (spoilt) this.#send(spoilt, wrong === 'late' ? lateMs : turnaroundMs)
  }

  #takeFault(unit: number): SerialFault['fault'] | null {
    const active = this.#faults.find((f) => f.fault.unit === undefined || f.fault.unit === unit)
    if (!active) return null
    active.left--
    if (active.left <= 0) this.#faults = this.#faults.filter((f) => f !== active)
    return active.fault.fault
  }

  #spoil(reply: Buffer, fault: SerialFault['fault'] | null): Buffer | null {
    switch (fault) {
      case null:
      case 'late':
        return reply
      case 'drop':
        return null
      case 'badCrc': {
        const bad = Buffer.from(reply)
        bad[bad.length - 1] = (bad.at(-1) as number) ^ 0x55
        return bad
      }
      case 'wrongUnit':
        return withCrc([((reply[0] as number) % 247) + 1, ...reply.subarray(1, -2)])
      case 'half':
        return reply.subarray(0, Math.ceil(reply.length / 2))
      case 'garbage':
        return this.#random(reply.length)
    }
  }

  #random(count: number): Buffer {
    return Buffer.from(Array.from({ length: count }, () => this.#o.rng.int(0, 255)))
  }

  #send(bytes: Buffer, afterMs: number): void {
    this.#o.clock.after(ms(afterMs), () => {
      this.#tx.push({ bytes, sent: 0, startedAt: this.#o.clock.mono() })
      if (this.#tx.length === 1) this.#pace()
    })
  }

  /** Writes every byte that is due; a late timer catches up, so that the mean speed holds. */
  #pace(): void {
    const head = this.#tx[0]
    if (!head) return
    const due = Math.floor((this.#o.clock.mono() - head.startedAt + 1e-6) / this.#byteMs)
    const until = Math.min(head.bytes.length, due)
    if (until > head.sent) this.#o.write(head.bytes.subarray(head.sent, until))
    head.sent = Math.max(head.sent, until)
    if (head.sent === head.bytes.length) this.#next()
    else this.#wake(head)
  }

  #next(): void {
    this.replies++
    this.#tx.shift()
    const head = this.#tx[0]
    if (!head) return
    head.startedAt = this.#o.clock.mono()
    this.#wake(head)
  }

  #wake(head: Transmission): void {
    const at = head.startedAt + (head.sent + 1) * this.#byteMs - this.#o.clock.mono()
    this.#o.clock.after(ms(Math.max(0, at)), () => this.#pace())
  }
}
