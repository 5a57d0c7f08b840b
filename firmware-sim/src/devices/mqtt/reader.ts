/** What both simulated MQTT readers do: read their field, publish it in their maker's JSON, suffer faults. */
import { randomBytes } from 'node:crypto'
import { ms, systemClock } from '../../system-clock.ts'
import { Rng } from '../../world/rng.ts'
import { Field } from '../llrp/field.ts'
import type { TagRead } from '../llrp/reports.ts'
import type { DeviceFault, ToDevice } from '../messages.ts'
import { listen, notForMe, tell, tellState } from '../port.ts'
import { Publisher } from './publisher.ts'

const roundMs = 200
const power = () => 30
/** Impinj and Zebra readers keep a tag quiet for a while; session 1 does so here. */
const session = 1
/** Reads that one overflow costs. */
export const overflowLoses = 37

export interface Maker {
  /** Messages for these reads, in order. */
  messages(reads: readonly TagRead[]): string[]
  /** Reads that the reader could not keep; what it says of it, if anything. */
  overflow(lost: number): string | null
  /** What it says when it has found its broker. */
  hello(): string | null
}
export interface ReaderSpec {
  readonly port: number
  /** Prefix of its topics. */
  readonly topic: string
  readonly antennas: number
  readonly seed: string
}

export function runReader(spec: ReaderSpec, maker: Maker): void {
  const field = new Field(systemClock, new Rng(spec.seed))
  const antennas = Array.from({ length: spec.antennas }, (_, i) => i + 1)
  const events = `${spec.topic}/events`
  const status = `${spec.topic}/status`
  let mute = false
  const publisher = new Publisher({
    port: spec.port,
    clientId: `sim-${spec.seed}`.slice(0, 60),
    will: { topic: status, payload: 'offline' },
    connected: () => {
      publisher.say(status, 'online', true)
      const hello = maker.hello()
      if (hello !== null) publisher.say(events, hello)
      report()
    },
  })

  function round(): void {
    if (!publisher.up) field.pauseBursts()
    else {
      const reads = [
        ...antennas.flatMap(() => field.dwell(antennas, session, power, roundMs / antennas.length)),
        ...field.passed(antennas),
      ]
      const messages = reads.length > 0 ? maker.messages(reads) : []
      if (!mute) for (const message of messages) publisher.say(events, message)
      if (reads.length > 0) report()
    }
    systemClock.after(ms(roundMs), round)
  }

  function fault(f: DeviceFault): void {
    if (f.kind === 'garbage') publisher.say(events, randomBytes(f.bytes))
    if (f.kind === 'mute') mute = true
    if (f.kind === 'heal') mute = false
    if (f.kind !== 'overflow') return
    const word = maker.overflow(overflowLoses)
    if (word !== null) publisher.say(events, word)
  }

  function report(): void {
    tellState({
      busy: field.burstLeft > 0,
      detail: { connected: publisher.up, sent: publisher.sent, lost: publisher.lost, mute },
    })
  }

  listen(
    (message: ToDevice) => {
      if (message.type === 'field') field.place(message.tags)
      else if (message.type === 'burst') field.pass(message.burst)
      else if (message.type === 'fault') fault(message.fault)
      else notForMe(message)
      report()
    },
    () => publisher.stop(),
  )
  tell({ type: 'ready', port: spec.port })
  round()
}
