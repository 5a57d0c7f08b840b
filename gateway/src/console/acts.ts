import { randomUUID } from 'node:crypto'
import type { FactBody, ShelvingVerb } from '@lantai/contracts'
import type { Recorder } from '../core/recorder.ts'
import type { InterlockMachine } from '../interlock/machine.ts'
import type { Runner } from '../interlock/runner.ts'
import type { Trials } from '../interlock/trials.ts'
import type { Effect, Person } from '../interlock/types.ts'
import type { RosterPerson } from '../uplink/roster.ts'

/** `code` of the problem where it is not the interlock that refused. */
export type ActResult = { ok: true } | { ok: false; reason: string; code?: string }
type ConsoleVerb = Extract<ShelvingVerb, 'stop' | 'forbid' | 'clearForbid' | 'release'>

/** What a signed-in person does at the gateway itself. The rules are the interlock's; here is only who and what. */
export class Acts {
  readonly #machine: InterlockMachine
  readonly #runner: Runner
  readonly #recorder: Recorder
  readonly #trials: Trials
  /** Called before a fire latch is reset, so that its alarm can name the person. */
  readonly #resetting: (by: string, reason: string, run: () => void) => void

  constructor(
    machine: InterlockMachine,
    runner: Runner,
    recorder: Recorder,
    trials: Trials,
    resetting: (by: string, reason: string, run: () => void) => void,
  ) {
    this.#machine = machine
    this.#runner = runner
    this.#recorder = recorder
    this.#trials = trials
    this.#resetting = resetting
  }

  signedIn(person: RosterPerson) {
    this.#note({ act: 'signIn', by: person.name, bank: null, reason: null })
  }

  request(
    verb: ConsoleVerb,
    bank: string,
    by: RosterPerson,
    reason: string | null,
    second: RosterPerson | null,
  ): ActResult {
    const effects = this.#machine.request({
      id: randomUUID(),
      origin: 'console',
      bank,
      verb,
      aisle: null,
      requester: personOf(by),
      approver: second ? personOf(second) : null,
      reason,
      purpose: null,
      expectedRevision: null,
      nonceUntil: null,
      issuedAt: null,
      expiresAt: null,
    })
    this.#runner.run(effects)
    const told = effects.find((e): e is Extract<Effect, { do: 'tell' }> => e.do === 'tell')
    if (told?.transition.state === 'refused')
      return { ok: false, reason: told.transition.reason ?? 'refused' }
    this.#note({ act: verb, by: by.name, bank, reason })
    return { ok: true }
  }

  resetFire(room: string, by: RosterPerson, reason: string): ActResult {
    const reset = this.#machine.resetFire(room, personOf(by), reason)
    if ('refused' in reset) return { ok: false, reason: reset.refused }
    this.#resetting(by.name, reason, () => this.#runner.run(reset.effects))
    return { ok: true }
  }

  resetCrush(bank: string, by: RosterPerson, reason: string): ActResult {
    const reset = this.#machine.resetCrush(bank, personOf(by), reason)
    if ('refused' in reset) return { ok: false, reason: reset.refused }
    this.#runner.run(reset.effects)
    return { ok: true }
  }

  /** Commissioning (S11): one aisle opens before the person's eyes, through the ordinary interlock. */
  trial(bank: string, aisle: number, seenRevision: number, by: RosterPerson): ActResult {
    const outcome = this.#trials.begin(bank, aisle, personOf(by), seenRevision)
    if ('refused' in outcome) return { ok: false, reason: outcome.refused }
    this.#runner.run(outcome.effects)
    return { ok: true }
  }

  /** What the person saw of the trial. */
  saw(bank: string, opened: number | null, by: RosterPerson): Promise<ActResult> {
    return this.#prove(this.#trials.answer(bank, opened, personOf(by)))
  }

  /** Two named persons go without the inputs that the controller cannot give (S1). */
  acceptInputs(bank: string, by: RosterPerson, second: RosterPerson): Promise<ActResult> {
    return this.#prove(this.#trials.accept(bank, personOf(by), personOf(second)))
  }

  async #prove(proof: ReturnType<Trials['answer']>): Promise<ActResult> {
    if ('refused' in proof) return { ok: false, reason: proof.refused }
    const { stored } = await this.#recorder.record(proof.facts, proof.puts)
    if (!stored) return { ok: false, reason: 'store is full' }
    proof.apply()
    return { ok: true }
  }

  /** Puts an act on record that no rule of the interlock judges. */
  note(data: FactBody<'lantai.console.v1'>) {
    this.#note(data)
  }

  #note(data: FactBody<'lantai.console.v1'>) {
    void this.#recorder.record([
      { type: 'lantai.console.v1', subject: data.bank ?? 'console', data },
    ])
  }
}

const personOf = (p: RosterPerson): Person => ({ id: p.id, name: p.name, roles: p.roles })
