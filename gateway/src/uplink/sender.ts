import { randomUUID } from 'node:crypto'
import { type Ack, batchLimits, type Clock, type Lane } from '@lantai/contracts'
import { instant } from '../core/system-clock.ts'
import type { Outbox } from '../outbox/outbox.ts'
import { SendWindow } from './window.ts'

/** Room for the envelope around the items of a batch. */
const envelopeBytes = 600
/** The server acks after each birth; when it does not in this time, we begin from our own cursor. */
const firstAckMs = 3000

export interface SenderDeps {
  outbox: Outbox
  clock: Clock
  source: string
  publish(lane: Lane, payload: string): void
  /** The store has a new epoch: tell it with a new birth. */
  newEpoch(): void
  sent(lane: Lane, items: number): void
}

/** Carries the lanes up: reads from the store, sends, and releases only what the server says it committed (D8). */
export class Sender {
  readonly #deps: SenderDeps
  readonly #window: SendWindow
  #up = false
  #heard = false
  #upAt = 0
  #pumping = false

  constructor(deps: SenderDeps) {
    this.#deps = deps
    this.#window = new SendWindow(deps.clock)
  }

  linkUp() {
    this.#up = true
    this.#heard = false
    this.#upAt = this.#deps.clock.mono()
    this.#window.rewind(this.#deps.outbox.status())
  }
  linkDown() {
    this.#up = false
  }

  /** Every second: what is overdue is sent again, for ever (D9). */
  tick() {
    if (!this.#up) return
    if (!this.#heard && this.#deps.clock.mono() - this.#upAt >= firstAckMs) this.#heard = true
    if (this.#window.overdue()) this.#window.rewind(this.#deps.outbox.status())
    this.kick()
  }

  async ack(ack: Ack) {
    const { outbox } = this.#deps
    const outcome = await outbox.ack(ack.epoch, ack.cursors)
    this.#heard = true
    if (outcome === 'new-epoch') {
      this.#window.rewind(outbox.status())
      this.#deps.newEpoch()
    } else if (ack.epoch === outbox.status().epoch) {
      const moved = this.#window.acked(ack.cursors)
      // The server took nothing of what is under way: it was restarted, or a batch before it was lost.
      const stuck = !moved && (this.#window.oldestMs() ?? 0) >= 1000
      if (outcome === 'rewound' || stuck) this.#window.rewind(outbox.status())
    }
    this.kick()
  }

  kick() {
    if (this.#pumping) return
    this.#pumping = true
    void this.#pump().finally(() => {
      this.#pumping = false
    })
  }

  async #pump() {
    const { outbox } = this.#deps
    for (;;) {
      if (!this.#up || !this.#heard) return
      const lane = this.#window.next(outbox.status())
      if (!lane) return
      const after = this.#window.after(lane)
      const { epoch } = outbox.status()
      const room = batchLimits.bytes - envelopeBytes
      const page = await outbox.read(lane, after, batchLimits.items, room)
      // While we read, an ack or a new epoch may have moved the lane.
      if (!this.#up || this.#window.after(lane) !== after || outbox.status().epoch !== epoch)
        continue
      if (page.last === null) return
      this.#window.sending(lane, page.last, page.bytes)
      this.#deps.publish(lane, this.#batch(epoch, lane, page.items))
      this.#deps.sent(lane, page.items.length)
    }
  }

  #batch(epoch: string, lane: Lane, items: string[]): string {
    const head = {
      specversion: '1.0',
      id: randomUUID(),
      source: this.#deps.source,
      type: 'lantai.batch.v1',
      subject: lane,
      time: instant(this.#deps.clock.now()),
      datacontenttype: 'application/json',
      dataschema: 'urn:lantai:batch:1',
    }
    // The items are on disk as the text that is sent: they are not parsed and written again.
    const open = JSON.stringify({ ...head, data: { epoch, lane, items: [] } })
    return `${open.slice(0, -3)}${items.join()}]}}`
  }
}
