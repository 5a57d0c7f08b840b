import { minutes, seconds } from '@lantai/contracts'
import type { Context } from '../../context.ts'
import { every } from '../../every.ts'
import { isOnline, offlineCondition, sendWitnesses } from './gateways.ts'
import { alarmAfter } from './rules.ts'
import { type GatewayRow, gatewayRows, storeDeath, storeHeard } from './store.ts'
import { publishHealth } from './views.ts'

interface Seen {
  online: boolean
  /** Monotonic; when it was found silent. */
  silentSince: number
  alarmed: boolean
}

/** Notices gateways that fall silent or come back, whatever the broker says (rules D19, S12). */
export class GatewayWatch {
  readonly #ctx: Context
  readonly #seen = new Map<string, Seen>()

  constructor(ctx: Context) {
    this.#ctx = ctx
  }

  async look(): Promise<void> {
    for (const row of await gatewayRows(this.#ctx.db, this.#ctx.site)) await this.#lookAt(row)
  }

  async #lookAt(row: GatewayRow) {
    const { gateway } = row
    const now = this.#ctx.clock.mono()
    const online = isOnline(this.#ctx, gateway)
    const before = this.#seen.get(gateway) ?? {
      online: row.online,
      silentSince: now,
      alarmed: false,
    }
    const silentSince = before.online && !online ? now : before.silentSince
    const alarmed = !online && (before.alarmed || now - silentSince >= alarmAfter)
    if (alarmed && !before.alarmed) await this.#silent(gateway)
    if (online && (before.alarmed || !row.online)) await this.#back(gateway)
    this.#seen.set(gateway, { online, silentSince, alarmed })
    if (online !== before.online) await publishHealth(this.#ctx, gateway)
  }

  #silent(gateway: string) {
    return this.#ctx.write(async (work) => {
      await storeDeath(work.trx, work.site, gateway, work.now)
      await offlineCondition(work, gateway, true)
    })
  }

  #back(gateway: string) {
    return this.#ctx.write(async (work) => {
      await storeHeard(work.trx, work.site, gateway, work.now)
      await offlineCondition(work, gateway, false)
    })
  }
}

/** Returns the end of all of it. */
export function startGatewayJobs(ctx: Context): () => void {
  const watch = new GatewayWatch(ctx)
  const ends = [
    every(ctx, seconds(1), () => watch.look()),
    every(ctx, minutes(5), () => sendWitnesses(ctx)),
  ]
  return () => {
    for (const end of ends) end()
  }
}
