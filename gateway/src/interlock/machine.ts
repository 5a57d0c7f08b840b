import { randomUUID } from 'node:crypto'
import type { BankReport, Clock, CommandState, CommandTransition } from '@lantai/contracts'
import { instant } from '../core/system-clock.ts'
import type { InputReport, ShelvingAnswer, ShelvingRequest } from '../drivers/driver.ts'
import { type Put, stateLostKey } from '../outbox/types.ts'
import { refusalOf } from './accept.ts'
import { Bank } from './bank.ts'
import { Commissioned } from './commission.ts'
import { Fire } from './fire.ts'
import { endStates, Journal } from './journal.ts'
import { ManualMotion } from './manual.ts'
import {
  askWithinMs,
  type BankConfig,
  type BankReportIn,
  type Effect,
  type FireConfig,
  fact,
  type Person,
  type Request,
} from './types.ts'
import { arrived, judge, type Watch } from './watch.ts'

const isMotion = (r: Request) => r.verb === 'open' || r.verb === 'close' || r.verb === 'ventilate'
const forbidKey = (bank: string) => `latch.forbid.${bank}`
const crushKey = (bank: string) => `latch.crush.${bank}`
const lostLatch = (since: string) => ({
  since,
  by: null,
  reason: 'the store of latches was damaged',
})
/**
 * Decides about motion, at the edge, with the server absent (reliability 3). Pure: events and time come in,
 * effects go out. It requests and watches; the field controller drives and is the only safety function.
 */
export class InterlockMachine {
  readonly fire: Fire
  readonly #clock: Clock
  readonly #banks = new Map<string, Bank>()
  readonly #manual: ManualMotion
  readonly #watches = new Map<string, Watch>()
  readonly #journal: Journal
  readonly #restored: Record<string, string>

  constructor(
    banks: readonly BankConfig[],
    fires: readonly FireConfig[],
    restored: Record<string, string>,
    clock: Clock,
  ) {
    this.#clock = clock
    this.#restored = restored
    this.fire = new Fire(fires, restored, clock)
    this.#manual = new ManualMotion(clock)
    this.#journal = new Journal(clock)
    for (const config of banks) this.#banks.set(config.bank, this.#restoreBank(config))
  }

  #restoreBank(config: BankConfig, before?: Bank): Bank {
    const commissioned = new Commissioned(config, this.#restored)
    const bank = new Bank(config, commissioned, this.fire, this.#clock)
    const since = instant(this.#clock.now())
    // S3: every start is inhibited until a person releases it.
    bank.hold({ kind: 'boot', since, by: null, reason: null })
    const forbid = this.#restored[forbidKey(config.bank)]
    if (forbid) bank.hold({ kind: 'forbid', ...JSON.parse(forbid) })
    else if (this.#restored[stateLostKey]) bank.hold({ kind: 'forbid', ...lostLatch(since) })
    const crush = this.#restored[crushKey(config.bank)]
    if (crush) bank.hold({ kind: 'crush', ...JSON.parse(crush) })
    // What was latched a moment ago may not be on disk yet.
    for (const kind of ['forbid', 'crush'] as const) {
      const held = before?.held(kind)
      if (held) bank.hold(held)
    }
    this.#holdForFire(bank)
    return bank
  }

  /** Commands that a restart interrupted have an unknown result; nothing is resumed (S3, G9). */
  start(): Effect[] {
    const { interrupted, forget } = this.#journal.restore(this.#restored)
    const effects: Effect[] = interrupted.flatMap((t) =>
      this.#journal.say({ ...t, state: 'unknown', reason: 'gateway restarted' }),
    )
    if (forget.length > 0) effects.push({ do: 'store', facts: [], puts: forget, token: null })
    if (this.#restored[stateLostKey]) effects.push(this.#keepLost())
    return effects
  }

  /** S8: latches that a damaged store may have lost count as set, until two persons have looked. */
  #keepLost(): Effect {
    const puts: Put[] = [{ key: stateLostKey, value: null }]
    for (const bank of this.#banks.values()) {
      const held = bank.held('forbid')
      if (!held) continue
      const { kind: _, ...value } = held
      puts.push({ key: forbidKey(bank.config.bank), value: JSON.stringify(value) })
    }
    return { do: 'store', facts: [], puts, token: null }
  }

  // ------------------------------------------------------------- what is observed

  /** A controller's status, read `ageMs` ago. */
  bankReported(bankId: string, report: BankReportIn, ageMs = 0): Effect[] {
    const bank = this.#banks.get(bankId)
    if (!bank) return []
    bank.take(report, ageMs)
    return [...this.#crush(bank), ...this.#judgeAll(bank), ...this.#noteManual(bank)]
  }

  /** A fire, smoke or panel-fault contact, read `ageMs` ago. */
  contactReported(id: string, state: InputReport, ageMs = 0): Effect[] {
    const change = this.fire.report(id, state, ageMs)
    if (!change) return []
    const effects: Effect[] = []
    if (change.put) effects.push({ do: 'store', facts: [], puts: [change.put], token: null })
    for (const bank of this.#inRoom(change.room)) {
      const before = bank.held('fire')
      this.#holdForFire(bank)
      // Inhibiting is always allowed on one signal; a request to stop is never interlocked (S7).
      if (!before && bank.held('fire') && bank.observed?.motion === 'moving')
        effects.push(this.#ask(bank, 'stop', null))
    }
    return [...effects, { do: 'fire', room: change.room }]
  }

  /** At least every 250 ms: deadlines, and the lease of each bank. */
  tick(): Effect[] {
    const effects: Effect[] = []
    for (const bank of this.#banks.values()) {
      bank.permit()
      effects.push(...this.#judgeAll(bank), ...this.#noteManual(bank))
    }
    return effects
  }

  /** The store is nearly full: new work is refused where it begins (reliability 2.4). */
  storage(full: boolean) {
    const since = instant(this.#clock.now())
    for (const bank of this.#banks.values()) {
      if (!full) bank.free('storage')
      else if (!bank.held('storage')) bank.hold({ kind: 'storage', since, by: null, reason: null })
    }
  }

  // ------------------------------------------------------------- what is asked

  /** Takes a request. A known id is answered from memory and moves nothing (S5). */
  request(r: Request): Effect[] {
    const known = this.#journal.last(r.id)
    if (known) return [{ do: 'tell', transition: known }]
    const bank = this.#banks.get(r.bank)
    if (!bank) return this.#journal.say(this.#journal.transition(r, 'refused', 'bank unknown'))
    const refusal = refusalOf(r, bank, this.#clock)
    if (refusal)
      return this.#journal.say(
        this.#journal.transition(r, refusal === 'expired' ? 'expired' : 'refused', refusal),
      )
    const o = bank.observed
    if (isMotion(r) && !r.trial && o && arrived(r, bank, o))
      return this.#journal.say(
        this.#journal.transition(r, 'done', 'in place already; nothing was asked'),
      )
    return this.#accept(r, bank)
  }

  #accept(r: Request, bank: Bank): Effect[] {
    const before = bank.observed
    const watch: Watch = {
      request: r,
      state: 'accepted',
      phase: 'storing',
      askedAt: this.#clock.mono(),
      before,
      movedSeen: false,
      restingSince: null,
      withdrawn: null,
    }
    this.#watches.set(r.id, watch)
    if (isMotion(r)) bank.inMotion = true
    const now: Effect[] = []
    if (r.verb === 'forbid') {
      const held = { since: instant(this.#clock.now()), by: r.requester.name, reason: r.reason }
      bank.hold({ kind: 'forbid', ...held })
      // Apart from its record: a lane that is full may refuse the record, never the latch (S7).
      const puts = [{ key: forbidKey(r.bank), value: JSON.stringify(held) }]
      now.push({ do: 'store', facts: [], puts, token: null })
    }
    // Only these two act before they are on disk: a full disk must not stand in the way of a stop (S7).
    if (r.verb === 'stop' || r.verb === 'forbid') {
      watch.phase = 'asked'
      this.#withdraw(r)
      now.push(this.#ask(bank, r.verb, r.verb === 'stop' ? r.id : null))
    }
    const transition = this.#journal.transition(r, 'accepted', null)
    return [...now, this.#journal.store(transition, [], r.id), { do: 'tell', transition }]
  }

  /** S7: motion accepted before a stop and not yet sent does not begin after it; nor does an older clear end a newer forbid. */
  #withdraw(by: Request) {
    for (const w of this.#watches.values()) {
      if (w.request.bank !== by.bank || w.phase !== 'storing') continue
      if (by.verb === 'forbid' || isMotion(w.request))
        w.withdrawn = `${by.verb} requested before it began`
    }
  }

  /** The request is on disk: only now may it act, if everything still holds. */
  stored(id: string): Effect[] {
    const watch = this.#watches.get(id)
    const bank = watch && this.#banks.get(watch.request.bank)
    if (!watch || !bank) return []
    const r = watch.request
    if (r.verb === 'forbid') return this.#end(watch, 'done', 'latched at the gateway')
    if (watch.phase !== 'storing') return []
    if (isMotion(r)) bank.inMotion = false
    const refusal = watch.withdrawn ?? refusalOf(r, bank, this.#clock)
    if (refusal) return this.#end(watch, 'refused', refusal)
    if (r.verb === 'release') return this.#release(watch, bank)
    watch.phase = 'asked'
    watch.askedAt = this.#clock.mono()
    if (r.verb === 'clearForbid') return this.#clear(watch, bank)
    watch.before = bank.observed
    if (isMotion(r)) bank.inMotion = true
    return [this.#ask(bank, r.verb, r.id, r.aisle)]
  }

  #release(watch: Watch, bank: Bank): Effect[] {
    bank.free('boot')
    return this.#end(watch, 'done', 'released; nothing was moved')
  }

  #clear(watch: Watch, bank: Bank): Effect[] {
    bank.free('forbid')
    const puts = [{ key: forbidKey(bank.config.bank), value: null }]
    return [
      { do: 'store', facts: [], puts, token: null },
      this.#ask(bank, 'clearForbid', watch.request.id),
    ]
  }

  /** The store is full beyond its reserve: nothing may act that could not be recorded. */
  notStored(id: string): Effect[] {
    const watch = this.#watches.get(id)
    if (!watch) return []
    const acted = watch.phase === 'asked'
    return this.#end(watch, acted ? 'unknown' : 'refused', 'store is full')
  }

  /** What became of sending; the result itself is only ever observed (S6). */
  answered(id: string, answer: ShelvingAnswer): Effect[] {
    const watch = this.#watches.get(id)
    if (!watch) return []
    if (answer === 'sent') return []
    // The latch is the gateway's own where the controller has none; it is cleared already (S7).
    if (answer === 'unsupported' && watch.request.verb === 'clearForbid')
      return this.#clearedHere(watch)
    if (answer === 'unsupported') return this.#end(watch, 'refused', 'controller cannot do this')
    if (answer === 'rejected') return this.#end(watch, 'refused', 'controller refused')
    if (answer === 'withdrawn')
      return this.#end(watch, 'refused', 'too late, or a stop came first; nothing was sent')
    // S6: the frame may have arrived. Read the status again; never repeat the request.
    return this.#end(watch, 'unknown', 'link lost')
  }

  #clearedHere(watch: Watch): Effect[] {
    const forbid = this.#banks.get(watch.request.bank)?.inputState('forbid')
    return forbid === 'active'
      ? this.#end(watch, 'failed', 'cleared at the gateway; the controller still reports forbid')
      : this.#end(watch, 'done', 'cleared at the gateway; the controller has no forbid')
  }

  /** Resets the fire latch of a room, on site, by a named person with a reason; starts nothing (S8). */
  resetFire(room: string, by: Person, reason: string): { effects: Effect[] } | { refused: string } {
    const reset = this.fire.reset(room)
    if (!reset.ok) return { refused: reset.why }
    for (const bank of this.#inRoom(room)) bank.free('fire')
    const act = fact('lantai.console.v1', room, {
      act: 'resetLatch',
      by: by.name,
      bank: null,
      reason,
    })
    return {
      effects: [
        { do: 'store', facts: [act], puts: reset.puts, token: null },
        { do: 'fire', room },
      ],
    }
  }

  /** Resets the latch that somebody in the aisle during motion has set (S8). */
  resetCrush(
    bankId: string,
    by: Person,
    reason: string,
  ): { effects: Effect[] } | { refused: string } {
    const bank = this.#banks.get(bankId)
    if (!bank?.held('crush')) return { refused: 'nothing is latched' }
    const refusal = bank.refusedBy()
    if (refusal) return { refused: refusal }
    bank.free('crush')
    const act = fact('lantai.console.v1', bankId, {
      act: 'resetLatch',
      by: by.name,
      bank: bankId,
      reason,
    })
    const puts = [{ key: crushKey(bankId), value: null }]
    return { effects: [{ do: 'store', facts: [act], puts, token: null }] }
  }

  /**
   * The device list has changed. What it does not touch goes on as it is; a bank that is new, or whose entry or
   * device is another, starts inhibited like after a boot (S3), with the latches that it had (S8).
   */
  apply(banks: readonly BankConfig[], fires: readonly FireConfig[], devices: ReadonlySet<string>) {
    this.fire.apply(fires)
    const before = new Map(this.#banks)
    this.#banks.clear()
    for (const config of banks) {
      const old = before.get(config.bank)
      const same = old?.config.device === config.device && !devices.has(config.device)
      this.#banks.set(config.bank, old && same ? old : this.#restoreBank(config, old))
    }
  }

  /** Something that was asked of this bank has not ended, or it moves: not the time to change it. */
  busy(bankId: string): boolean {
    const bank = this.#banks.get(bankId)
    if (bank?.inMotion || bank?.observed?.motion === 'moving') return true
    return [...this.#watches.values()].some((w) => w.request.bank === bankId)
  }

  // ------------------------------------------------------------- looking

  banks(): BankReport[] {
    return [...this.#banks.values()].map((b) => b.report())
  }
  /** The last transition of a command. */
  command(id: string): CommandTransition | null {
    return this.#journal.last(id)
  }
  bank(id: string): Bank | null {
    return this.#banks.get(id) ?? null
  }
  config(): BankConfig[] {
    return [...this.#banks.values()].map((b) => b.config)
  }
  anyMoving(): boolean {
    return [...this.#banks.values()].some((b) => b.inMotion || b.observed?.motion === 'moving')
  }

  // ------------------------------------------------------------- inside

  #inRoom(room: string): Bank[] {
    return [...this.#banks.values()].filter((b) => b.config.room === room)
  }

  #holdForFire(bank: Bank) {
    const latch = this.fire.latched(bank.config.room)
    if (latch?.latchedSince && !bank.held('fire'))
      bank.hold({ kind: 'fire', since: latch.latchedSince, by: null, reason: latch.label })
  }

  /** Somebody in an aisle while our motion ran: latched until somebody has looked (S8). */
  #crush(bank: Bank): Effect[] {
    const o = bank.observed
    const occupied = bank.interlocks().find((i) => i.input === 'occupied')?.state === 'active'
    if (!bank.inMotion || o?.motion !== 'moving' || !occupied || bank.held('crush')) return []
    const held = { since: instant(this.#clock.now()), by: null, reason: 'occupied at motion' }
    bank.hold({ kind: 'crush', ...held })
    const puts = [{ key: crushKey(bank.config.bank), value: JSON.stringify(held) }]
    return [{ do: 'store', facts: [], puts, token: null }, this.#ask(bank, 'stop', null)]
  }

  #judgeAll(bank: Bank): Effect[] {
    const effects: Effect[] = []
    for (const watch of this.#watches.values()) {
      if (watch.request.bank !== bank.config.bank || watch.phase !== 'asked') continue
      const verdict = judge(watch, bank, this.#clock.mono())
      if (!verdict) continue
      if (endStates.includes(verdict.state))
        effects.push(...this.#end(watch, verdict.state, verdict.reason))
      else {
        watch.state = verdict.state
        effects.push(
          ...this.#journal.say(
            this.#journal.transition(watch.request, verdict.state, verdict.reason),
          ),
        )
      }
    }
    return effects
  }

  #end(watch: Watch, state: CommandState, reason: string): Effect[] {
    const r = watch.request
    this.#watches.delete(r.id)
    const bank = this.#banks.get(r.bank)
    if (bank && isMotion(r)) {
      bank.inMotion = false
      if (watch.phase === 'asked') this.#manual.ourTail(bank)
    }
    return this.#journal.say(this.#journal.transition(r, state, reason))
  }

  #noteManual(bank: Bank): Effect[] {
    const moved = this.#manual.look(bank)
    if (!moved) return []
    return this.#journal.say({ command: randomUUID(), ...moved })
  }

  #ask(
    bank: Bank,
    verb: ShelvingRequest['verb'],
    command: string | null,
    aisle: number | null = null,
  ): Effect {
    const motion = verb === 'open' || verb === 'close' || verb === 'ventilate'
    const { bank: id, device } = bank.config
    const of = verb === 'lock' || verb === 'unlock' ? columnOf(aisle) : { aisle }
    const notAfter = motion ? bank.leaseUntil() : this.#clock.mono() + askWithinMs
    return { do: 'ask', bank: id, device, request: { verb, ...of }, command, notAfter }
  }
}

const columnOf = (column: number | null) => ({ aisle: null, column: column ?? 0 })
