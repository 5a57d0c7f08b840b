/** A fire panel that pages over ESPA 4.4.4 as the control station 1; the receiver is station 2. */
import type { Clock, Timer } from '@lantai/contracts'
import { ms } from '../../system-clock.ts'
import type { Rng } from '../../world/rng.ts'
import type { SerialFault } from '../messages.ts'

const control = { soh: 1, stx: 2, etx: 3, eot: 4, enq: 5, ack: 6, nak: 0x15, rs: 0x1e, us: 0x1f }
const pollMs = 500
const answerMs = 1000
const mostTries = 3
const panelName = '1'
const receiverName = '2'

export interface Zone {
  readonly address: string
  readonly text: string
}
export const zones: readonly Zone[] = [
  { address: '100', text: 'FIRE ZONE 1 ARCHIVE' },
  { address: '101', text: 'SMOKE ZONE 2 CORRIDOR' },
  { address: '199', text: 'FAULT BATTERY' },
]

/** Header, records, and the exclusive or of everything behind SOH. */
function message(records: readonly (readonly [string, string])[]): Buffer {
  const fields = records.map(([id, value]) => [
    ...Buffer.from(id),
    control.us,
    ...Buffer.from(value),
  ])
  const joined = fields.flatMap((f, i) => (i > 0 ? [control.rs, ...f] : f))
  const body = [...Buffer.from('1'), control.stx, ...joined, control.etx]
  let check = 0
  for (const b of body) check ^= b
  return Buffer.from([control.soh, ...body, check])
}
const standardCall = '3'
const resetCall = '1'
const alarmPriority = '1'
const call = ({ address, text }: Zone) =>
  message([
    ['1', address],
    ['2', text],
    ['3', '3'],
    ['4', standardCall],
    ['5', '1'],
    ['6', alarmPriority],
  ])
const reset = ({ address, text }: Zone) =>
  message([
    ['1', address],
    ['2', text],
    ['4', resetCall],
  ])

export interface PanelOptions {
  readonly clock: Clock
  readonly rng: Rng
  send(bytes: Buffer): void
}

type Step = 'free' | 'polled' | 'selecting' | 'sent'

export class Panel {
  readonly #o: PanelOptions
  readonly #alarms = new Set<number>()
  #queue: Buffer[] = []
  #step: Step = 'free'
  #tries = 0
  #timer: Timer | null = null
  #faults: { fault: SerialFault['fault']; left: number }[] = []
  mute = false
  polls = 0
  taken = 0
  refused = 0

  constructor(options: PanelOptions) {
    this.#o = options
  }

  get waiting(): number {
    return this.#queue.length
  }
  start(): void {
    this.#after(pollMs, () => this.#turn())
  }
  stop(): void {
    this.#timer?.cancel()
  }

  /** The loop of each zone; open is an alarm. */
  loops(closed: readonly boolean[]): void {
    zones.forEach((zone, i) => {
      const alarm = closed[i] === false
      if (alarm === this.#alarms.has(i)) return
      if (alarm) this.#alarms.add(i)
      else this.#alarms.delete(i)
      this.#queue.push(alarm ? call(zone) : reset(zone))
    })
  }
  /** The power goes and comes back: what was not sent is forgotten, and alarms that stand are paged anew. */
  reboot(): void {
    this.#timer?.cancel()
    this.#step = 'free'
    this.#queue = [...this.#alarms].map((i) => call(zones[i] as Zone))
    this.start()
  }
  addFault(fault: SerialFault): void {
    this.#faults.push({ fault: fault.fault, left: fault.times ?? Number.POSITIVE_INFINITY })
  }
  heal(): void {
    this.#faults = []
    this.mute = false
  }
  noise(count: number): void {
    this.#o.send(Buffer.from(Array.from({ length: count }, () => this.#o.rng.int(0, 255))))
  }

  receive(chunk: Buffer): void {
    for (const byte of chunk) this.#hear(byte)
  }

  #hear(byte: number): void {
    if (this.#step === 'selecting' && byte === control.ack) this.#sendHead()
    else if (this.#step === 'sent' && byte === control.ack) {
      this.taken++
      this.#queue.shift()
      this.#free()
    } else if (this.#step === 'sent' && byte === control.nak) {
      this.refused++
      if (++this.#tries < mostTries) this.#sendHead()
      else this.#free()
    } else if (this.#step === 'polled' && byte === control.eot) this.#rest()
  }

  #turn(): void {
    this.polls++
    if (this.#queue.length === 0) {
      this.#step = 'polled'
      this.#say(Buffer.from([...Buffer.from(receiverName), control.enq]))
    } else {
      this.#step = 'selecting'
      this.#tries = 0
      const names = [panelName, receiverName].flatMap((n) => [...Buffer.from(n), control.enq])
      this.#say(Buffer.from(names))
    }
    this.#after(answerMs, () => this.#free())
  }
  #sendHead(): void {
    const [head] = this.#queue
    if (!head) return
    this.#step = 'sent'
    this.#say(this.#spoilt(head))
    this.#after(answerMs, () => this.#free())
  }
  #free(): void {
    this.#say(Buffer.from([control.eot]))
    this.#rest()
  }
  #rest(): void {
    this.#step = 'free'
    this.#after(pollMs, () => this.#turn())
  }

  #spoilt(bytes: Buffer): Buffer {
    const [fault] = this.#faults
    if (!fault) return bytes
    fault.left--
    if (fault.left <= 0) this.#faults.shift()
    if (fault.fault === 'half') return bytes.subarray(0, bytes.length >> 1)
    if (fault.fault === 'drop') return Buffer.alloc(0)
    const wrong = Buffer.from(bytes)
    wrong[wrong.length - 1] = (wrong.at(-1) as number) ^ 0x40
    return wrong
  }
  #say(bytes: Buffer): void {
    if (!this.mute && bytes.length > 0) this.#o.send(bytes)
  }
  #after(delayMs: number, job: () => void): void {
    this.#timer?.cancel()
    this.#timer = this.#o.clock.after(ms(delayMs), job)
  }
}
