import { randomUUID } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { Ack, type BatchItem, batchLimits, type Lane, topics } from '@lantai/contracts'
import { connectAsync, type MqttClient } from 'mqtt'
import { Check } from 'typebox/value'

export interface EdgeLink {
  readonly url: string
  readonly site: string
  readonly gateway: string
  readonly files: { readonly ca: string; readonly cert: string; readonly key: string }
}

/**
 * Speaks the documented wire format as a gateway would, with nothing of the gateway's code: what it publishes was made
 * before the clock starts, and it waits for the server's own ack, which comes after COMMIT.
 */
export class Edge implements AsyncDisposable {
  readonly #client: MqttClient
  readonly #link: EdgeLink
  readonly #epoch = randomUUID()
  readonly #boot = randomUUID()
  #seq = 0n
  #prev: Record<Lane, bigint> = { alarm: 0n, custody: 0n, reads: 0n, telemetry: 0n }
  #acked: Record<Lane, bigint> = { alarm: 0n, custody: 0n, reads: 0n, telemetry: 0n }
  #waiting = new Set<() => void>()

  private constructor(client: MqttClient, link: EdgeLink) {
    this.#client = client
    this.#link = link
    client.on('message', (_topic, payload) => this.#hear(payload))
  }

  static async connect(link: EdgeLink): Promise<Edge> {
    const client = await connectAsync(link.url, {
      clientId: link.gateway,
      ca: readFileSync(link.files.ca),
      cert: readFileSync(link.files.cert),
      key: readFileSync(link.files.key),
    })
    const edge = new Edge(client, link)
    await client.subscribeAsync(topics(link.site, link.gateway).ack, { qos: 1 })
    return edge
  }

  /** One batch of one lane, ready to be sent: the records' bodies in order. */
  encode(
    lane: Lane,
    type: string,
    bodies: readonly unknown[],
    at: Date,
  ): { lane: Lane; bytes: Buffer; last: bigint } {
    const items = bodies.map((data): BatchItem => {
      const prev = this.#prev[lane]
      this.#seq++
      this.#prev[lane] = this.#seq
      return {
        seq: String(this.#seq),
        prev: String(prev),
        type,
        subject: 'bench',
        time: at.toISOString(),
        boot: this.#boot,
        mono: Number(this.#seq),
        clock: 'synced',
        data,
      }
    })
    const { site, gateway } = this.#link
    const bytes = Buffer.from(
      JSON.stringify({
        specversion: '1.0',
        id: randomUUID(),
        source: `lantai:${site}/${gateway}`,
        type: 'lantai.batch.v1',
        subject: lane,
        time: at.toISOString(),
        datacontenttype: 'application/json',
        dataschema: 'urn:lantai:batch:1',
        data: { epoch: this.#epoch, lane, items },
      }),
    )
    if (items.length > batchLimits.items || bytes.length > batchLimits.bytes)
      throw new Error(
        `a batch of ${items.length} records and ${bytes.length} bytes is over the limit`,
      )
    return { lane, bytes, last: this.#seq }
  }

  /** Publishes the batches with a window, and resolves when the server has acknowledged the last of them. */
  async send(
    batches: readonly { lane: Lane; bytes: Buffer; last: bigint }[],
    window: number,
  ): Promise<void> {
    let sent = 0
    for (const batch of batches) {
      const behind = batches[sent - window]
      if (behind) await this.#until(behind.lane, behind.last)
      await this.#client.publishAsync(
        topics(this.#link.site, this.#link.gateway).up(batch.lane),
        batch.bytes,
        { qos: 1 },
      )
      sent++
    }
    const end = batches.at(-1)
    if (end) await this.#until(end.lane, end.last)
  }

  async #until(lane: Lane, seq: bigint) {
    while (this.#acked[lane] < seq) await new Promise<void>((go) => this.#waiting.add(go))
  }

  #hear(payload: Buffer) {
    const ack: unknown = JSON.parse(payload.toString())
    if (!Check(Ack, ack) || ack.epoch !== this.#epoch) return
    for (const [lane, seq] of Object.entries(ack.cursors)) this.#acked[lane as Lane] = BigInt(seq)
    const waiting = [...this.#waiting]
    this.#waiting.clear()
    for (const go of waiting) go()
  }

  async [Symbol.asyncDispose]() {
    await this.#client.endAsync()
  }
}
