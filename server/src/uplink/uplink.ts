import {
  CommandTransition,
  DeviceAnswer,
  GatewayState,
  Lane,
  Live,
  Name,
  parseTopic,
  ReportedConfig,
  seconds,
  Tick,
  Witnessed,
} from '@lantai/contracts'
import type { Static, TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { Clean } from 'typebox/value'
import type { Context } from '../context.ts'
import { takeAnswer } from '../features/devices/asks.ts'
import { takeReported } from '../features/devices/reports.ts'
import { takeState, takeTick, takeWitness } from '../features/gateways/gateways.ts'
import { ingestBatch } from '../ingest/ingest.ts'
import { type Parsed, parseBatch } from '../ingest/parse.ts'
import { BatchQueue } from '../ingest/queue.ts'
import { mirrors } from './mirrors.ts'

type Take = (ctx: Context, gateway: string, payload: Buffer) => Promise<unknown>

const isName = Compile(Name)
const isLane = Compile(Lane)

/** Checks one message against its schema; a stranger's bytes are counted and dropped, never thrown. */
function checked<T extends TSchema>(
  schema: T,
  take: (ctx: Context, gateway: string, value: Static<T>) => unknown,
): Take {
  const validator: Validator = Compile(schema)
  return async (ctx, gateway, payload) => {
    const value = parse(payload)
    if (validator.Check(value)) return await take(ctx, gateway, value as Static<T>)
    // A gateway that is newer by one says things that we do not know: the rest is heard (ADR 12).
    const known = Clean(schema, value)
    const newer = validator.Check(known)
    ctx.metrics.malformed.inc({ door: newer ? 'newer' : 'mqtt' })
    return newer ? await take(ctx, gateway, known as Static<T>) : undefined
  }
}

/** Two kinds of message on one topic. */
const either =
  (first: Take, second: Take, isFirst: (value: unknown) => boolean): Take =>
  (ctx, gateway, payload) =>
    (isFirst(parse(payload)) ? first : second)(ctx, gateway, payload)

function parse(payload: Buffer): unknown {
  if (payload.length > 1024 * 1024) return undefined
  try {
    return JSON.parse(payload.toString('utf8'))
  } catch {
    return undefined
  }
}

const doors: Record<string, Take> = {
  state: checked(GatewayState, takeState),
  tick: checked(Tick, takeTick),
  live: checked(Live, (ctx, gateway, live) =>
    Promise.all(mirrors.live.map((mirror) => mirror(ctx, gateway, live))),
  ),
  res: either(
    checked(DeviceAnswer, takeAnswer),
    checked(CommandTransition, (ctx, gateway, transition) =>
      Promise.all(mirrors.res.map((mirror) => mirror(ctx, gateway, transition))),
    ),
    (value) => typeof value === 'object' && value !== null && 'ask' in value,
  ),
  cfg: checked(ReportedConfig, takeReported),
  witnessed: checked(Witnessed, takeWitness),
}

/** Sorts what the broker brings: batches into the queue, the rest to whoever it is for. */
export class Uplink {
  readonly #ctx: Context
  readonly #queue: BatchQueue<Parsed>

  constructor(ctx: Context) {
    this.#ctx = ctx
    this.#queue = new BatchQueue(parseBatch, (gateway, bytes, parsed) =>
      this.#ingest(gateway, bytes, parsed),
    )
  }

  async take(topic: string, payload: Buffer): Promise<void> {
    const to = parseTopic(topic)
    if (!to || to.site !== this.#ctx.site || !isName.Check(to.gateway)) return this.#count()
    const [door, lane] = to.rest
    if (door === 'up' && isLane.Check(lane)) {
      if (!this.#queue.add(to.gateway, lane, payload))
        this.#ctx.metrics.batches.inc({ outcome: 'dropped' })
      return
    }
    const take = Object.hasOwn(doors, door ?? '') ? doors[door ?? ''] : undefined
    if (!take) return this.#count()
    if (door === 'state') return await this.#takeState(take, to.gateway, payload)
    await take(this.#ctx, to.gateway, payload)
  }

  /**
   * A birth comes once, and what it brings (cursors, roster, checkpoint) with it: when the database is away it is
   * taken again later. One that has become old by then is ignored like any other.
   */
  async #takeState(take: Take, gateway: string, payload: Buffer, tries = 60): Promise<void> {
    try {
      await take(this.#ctx, gateway, payload)
    } catch (err) {
      this.#ctx.log.warn({ err, gateway, tries }, 'state not taken yet')
      const again = () => void this.#takeState(take, gateway, payload, tries - 1)
      if (tries > 0) this.#ctx.clock.after(seconds(1), again)
    }
  }

  /** Settles when every batch that was taken so far has been answered. */
  settled(): Promise<void> {
    return this.#queue.idle()
  }

  async #ingest(gateway: string, bytes: Buffer, parsed: Parsed) {
    try {
      await ingestBatch(this.#ctx, gateway, bytes, parsed)
    } catch (err) {
      // No answer: the result is unknown, the gateway sends again, the key decides (rule D16).
      this.#ctx.metrics.batches.inc({ outcome: 'failed' })
      this.#ctx.log.error({ err, gateway }, 'batch not stored')
    }
  }

  #count() {
    this.#ctx.metrics.malformed.inc({ door: 'mqtt' })
  }
}
