/** For driver tests: a broker whose every word a test writes, as raw MQTT 3.1.1 bytes. No codec of ours, no library. */
import { type PeerConnection, ScriptedPeer } from '../testing/scripted-peer.ts'
import type { SignalClock } from '../testing/signal-clock.ts'

export interface Packet {
  /** 1 CONNECT, 4 PUBACK, 8 SUBSCRIBE, 12 PINGREQ. */
  type: number
  body: Buffer
}

const text = (s: string) => {
  const bytes = Buffer.from(s)
  return Buffer.concat([Buffer.from([bytes.length >> 8, bytes.length & 0xff]), bytes])
}
const packet = (first: number, body: Buffer) => {
  const length: number[] = []
  for (let n = body.length; length.length === 0 || n > 0; n >>= 7)
    length.push((n & 0x7f) | (n >> 7 > 0 ? 0x80 : 0))
  return Buffer.concat([Buffer.from([first, ...length]), body])
}

/** One client of the broker. */
export class ScriptedSession {
  readonly #connection: PeerConnection
  #id = 0

  constructor(connection: PeerConnection) {
    this.#connection = connection
  }

  get closed(): Promise<void> {
    return this.#connection.closed
  }
  write(bytes: Uint8Array | string) {
    this.#connection.write(bytes)
  }
  hangUp() {
    this.#connection.hangUp()
  }

  /** The next packet that is no ping; pings are answered. */
  async next(): Promise<Packet> {
    for (;;) {
      const [first = 0] = await this.#connection.bytes(1)
      let length = 0
      for (let i = 0; i < 4; i++) {
        const [b = 0] = await this.#connection.bytes(1)
        length += (b & 0x7f) * 128 ** i
        if (b < 0x80) break
      }
      const body = await this.#connection.bytes(length)
      if (first >> 4 !== 12) return { type: first >> 4, body }
      this.write('D000')
    }
  }

  /** From CONNECT to a granted subscription; gives the filters. `grants` is one byte a filter. */
  async greet(grants?: readonly number[]): Promise<string[]> {
    const connect = await this.next()
    if (connect.type !== 1) throw new Error(`${connect.type} in place of CONNECT`)
    this.write('20020000')
    const { type, body } = await this.next()
    if (type !== 8) throw new Error(`${type} in place of SUBSCRIBE`)
    const filters: string[] = []
    for (let at = 2; at < body.length; ) {
      const length = body.readUInt16BE(at)
      filters.push(body.subarray(at + 2, at + 2 + length).toString())
      at += 3 + length
    }
    const answer = Buffer.from(grants ?? filters.map(() => 1))
    this.write(packet(0x90, Buffer.concat([body.subarray(0, 2), answer])))
    return filters
  }

  /** QoS 1; resolves when the client has acknowledged it. */
  async say(topic: string, payload: string | object, retained = false): Promise<void> {
    this.#id += 1
    const id = Buffer.from([this.#id >> 8, this.#id & 0xff])
    const bytes = Buffer.from(typeof payload === 'string' ? payload : JSON.stringify(payload))
    this.write(packet(retained ? 0x33 : 0x32, Buffer.concat([text(topic), id, bytes])))
    const ack = await this.next()
    if (ack.type !== 4 || !ack.body.equals(id)) throw new Error('no PUBACK of this message')
  }

  /** Lets time pass as on a living link, in steps that leave time to answer a ping. */
  async live(clock: SignalClock, ms: number): Promise<void> {
    for (let left = ms; left > 0; left -= 2_000) {
      clock.advance(Math.min(left, 2_000))
      await this.say('nothing/of/note', 'kept', true)
    }
  }
}

export class ScriptedBroker implements AsyncDisposable {
  readonly #peer: ScriptedPeer
  private constructor(peer: ScriptedPeer) {
    this.#peer = peer
  }
  static async listen(): Promise<ScriptedBroker> {
    return new ScriptedBroker(await ScriptedPeer.listen())
  }
  get url(): string {
    return `mqtt://127.0.0.1:${this.#peer.port}`
  }
  async accept(): Promise<ScriptedSession> {
    return new ScriptedSession(await this.#peer.accept())
  }
  [Symbol.asyncDispose]() {
    return this.#peer[Symbol.asyncDispose]()
  }
}
