import { randomUUID } from 'node:crypto'
import type { FactBody, ShelvingVerb } from '@lantai/contracts'
import type { Recorder } from '../core/recorder.ts'
import type { InterlockMachine } from '../interlock/machine.ts'
import type { Runner } from '../interlock/runner.ts'
import type { Effect, Person } from '../interlock/types.ts'
import type { RosterPerson } from '../uplink/roster.ts'

export type ActResult = { ok: true } | { ok: false; reason: string }
type ConsoleVerb = Extract<ShelvingVerb, 'stop' | 'forbid' | 'clearForbid' | 'release'>

/** What a signed-in person does at the gateway itself. The rules are the interlock's; here is only who and what. */
export class Acts {
  readonly #machine: InterlockMachine
  readonly #runner: Runner
  readonly #recorder: Recorder
  /** Called before a fire latch is reset, so that its alarm can name the person. */
  readonly #resetting: (by: string, reason: string, run: () => void) => void

  constructor(
    machine: InterlockMachine,
    runner: Runner,
    recorder: Recorder,
    resetting: (by: string, reason: string, run: () => void) => void,
  ) {
    this.#machine = machine
    this.#runner = runner
    this.#recorder = recorder
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

  #note(data: FactBody<'lantai.console.v1'>) {
    void this.#recorder.record([
      { type: 'lantai.console.v1', subject: data.bank ?? 'console', data },
    ])
  }
}

const personOf = (p: RosterPerson): Person => ({ id: p.id, name: p.name, roles: p.roles })
