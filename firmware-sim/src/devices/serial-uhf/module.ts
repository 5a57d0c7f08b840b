/** A UHF module behind a serial port: it takes orders, reads tags, and forgets everything with its power. */
import type { Clock, Timer } from '@lantai/contracts'
import { ms } from '../../system-clock.ts'
import { channelsKHz } from '../../world/radio.ts'
import type { Rng } from '../../world/rng.ts'
import type { Field } from '../llrp/field.ts'
import type { SerialFault } from '../messages.ts'
import { type Order, pcOf, type SeenTag, type Speech } from './speech.ts'

const dwellMs = 100
/** Half a command that rests so long is forgotten: its rest will never come. */
const restMs = 200
/** What a module is delivered with, and has again after its power was gone. */
const fresh = { region: '', dbm: 15, antenna: 1, reading: false }

export interface ModuleOptions {
  readonly speech: Speech
  readonly clock: Clock
  readonly rng: Rng
  readonly field: Field
  send(bytes: Buffer): void
}

export class UhfModule {
  readonly #o: ModuleOptions
  #state = { ...fresh }
  #inbox = Buffer.alloc(0)
  #heardAt = 0
  #timer: Timer | null = null
  #faults: { fault: SerialFault['fault']; left: number }[] = []
  mute = false
  orders = 0
  reported = 0
  beeps = 0

  constructor(options: ModuleOptions) {
    this.#o = options
  }

  get settings() {
    return { ...this.#state }
  }

  receive(chunk: Buffer): void {
    const now = this.#o.clock.mono()
    if (now - this.#heardAt > restMs) this.#inbox = Buffer.alloc(0)
    this.#heardAt = now
    this.#inbox = Buffer.concat([this.#inbox, chunk])
    for (;;) {
      const heard = this.#o.speech.listen(this.#inbox)
      if (!heard) return
      this.#inbox = this.#inbox.subarray(heard.used)
      if (heard.order) this.#obey(heard.order)
    }
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
  /** The power goes and comes back. */
  reboot(): void {
    this.cut()
    this.#say(this.#o.speech.greeting())
  }
  /** The power goes. */
  cut(): void {
    this.#timer?.cancel()
    this.#timer = null
    this.#inbox = Buffer.alloc(0)
    this.#state = { ...fresh }
  }

  #obey(order: Order) {
    const { speech } = this.#o
    this.orders++
    const { wish } = order
    if (wish.does === 'power' && wish.dbm > speech.maxDbm) return this.#say(speech.refused(order))
    if (wish.does === 'round') return this.#round()
    if (wish.does === 'power') this.#state.dbm = wish.dbm
    if (wish.does === 'region') this.#state.region = wish.region
    if (wish.does === 'antenna') this.#state.antenna = wish.antenna
    if (wish.does === 'beep') this.beeps++
    if (wish.does === 'stop') this.#stop()
    this.#say(speech.done(order))
    if (wish.does === 'start') this.#start()
  }

  #start(): void {
    this.#stop()
    this.#state.reading = true
    this.#again()
  }
  #stop(): void {
    this.#timer?.cancel()
    this.#timer = null
    this.#state.reading = false
  }
  #again(): void {
    this.#timer = this.#o.clock.after(ms(dwellMs), () => {
      const tags = this.#look()
      for (const tag of tags) this.#say(this.#o.speech.tag(tag))
      if (tags.length === 0) this.#say(this.#o.speech.nothing())
      this.#again()
    })
  }
  #round(): void {
    this.#timer?.cancel()
    this.#timer = this.#o.clock.after(ms(dwellMs), () => {
      const tags = this.#look()
      for (const tag of tags) this.#say(this.#o.speech.tag(tag))
      this.#say(this.#o.speech.roundEnd(tags))
    })
  }

  #look(): SeenTag[] {
    const { field } = this.#o
    const { antenna, dbm } = this.#state
    const reads = [...field.dwell([antenna], 0, () => dbm, dwellMs), ...field.passed([antenna])]
    this.reported += reads.length
    return reads.map((r) => {
      const epc = Buffer.from(r.epc, 'hex')
      const kHz = channelsKHz[r.channel - 1] as number
      return { epc, pc: pcOf(epc).readUInt16BE(0), rssiDbm: r.rssiDbm, antenna, kHz }
    })
  }

  #say(bytes: Buffer) {
    if (this.mute || bytes.length === 0) return
    const [fault] = this.#faults
    if (!fault) return this.#o.send(bytes)
    fault.left--
    if (fault.left <= 0) this.#faults.shift()
    if (fault.fault === 'half') this.#o.send(bytes.subarray(0, Math.ceil(bytes.length / 2)))
    if (fault.fault === 'badCrc') this.#o.send(spoilt(bytes))
    if (fault.fault === 'garbage') this.noise(bytes.length)
  }
}

/** One bit of the data turned over, so that the check no longer fits. */
function spoilt(bytes: Buffer): Buffer {
  const wrong = Buffer.from(bytes)
  const at = bytes.length >> 1
  wrong[at] = (wrong[at] as number) ^ 0x10
  return wrong
}
