import { randomUUID } from 'node:crypto'
import type { Clock, CommandState } from '@lantai/contracts'
import { instant } from '../core/system-clock.ts'
import type { Put } from '../outbox/types.ts'
import { inputsKey, provenBy, type Side, sideKey } from './commission.ts'
import { endStates } from './journal.ts'
import type { InterlockMachine } from './machine.ts'
import { type Effect, type Fact, fact, type Person } from './types.ts'

/** A person who was asked what they saw must still remember it. */
const answerWithinMs = 10 * 60_000

type Outcome = { effects: Effect[] } | { refused: string }
/** To be written first; `apply` counts only when it is on disk (G1). */
type Proof = { facts: Fact[]; puts: Put[]; apply(): void } | { refused: string }

interface Trial {
  command: string
  aisle: number
  leftIs: Side
  at: number
  by: string
  since: string
}

/** A trial that nobody has answered yet: who asked, when, and what its command has come to. */
export interface TrialReport {
  command: string
  aisle: number
  by: string
  at: string
  state: CommandState
  reason: string | null
}

const mayCommission = (p: Person) => p.roles.includes('facilities')
const mayAccept = (p: Person) => mayCommission(p) || p.roles.includes('archivist')

/**
 * The commissioning step of a bank (rules S1, S11): one aisle is requested through the ordinary interlock with a person
 * watching, what they saw proves which side the controller calls left, and two persons accept the inputs it lacks.
 */
export class Trials {
  readonly #machine: InterlockMachine
  readonly #clock: Clock
  readonly #trials = new Map<string, Trial>()

  constructor(machine: InterlockMachine, clock: Clock) {
    this.#machine = machine
    this.#clock = clock
  }

  /** Requests one aisle. `seenRevision`: of the status that the person saw (S4). */
  begin(bankId: string, aisle: number, by: Person, seenRevision: number): Outcome {
    const command = randomUUID()
    const effects = this.#machine.request({
      id: command,
      origin: 'console',
      bank: bankId,
      verb: 'open',
      aisle,
      requester: by,
      approver: null,
      reason: 'commissioning trial',
      purpose: 'commissioning trial',
      expectedRevision: seenRevision,
      nonceUntil: null,
      issuedAt: null,
      expiresAt: null,
      trial: true,
    })
    const told = this.#machine.command(command)
    if (told?.state === 'refused') return { refused: told.reason ?? 'refused' }
    const leftIs = this.#machine.bank(bankId)?.config.leftIs
    if (leftIs === 'lower' || leftIs === 'higher')
      this.#trials.set(bankId, {
        command,
        aisle,
        leftIs,
        at: this.#clock.mono(),
        by: by.name,
        since: this.#now(),
      })
    const note = `asked for aisle ${aisle} with left set to ${leftIs}`
    const facts = [consoleAct('trial', bankId, by, note)]
    return { effects: [...effects, { do: 'store', facts, puts: [], token: null }] }
  }

  report(bankId: string): TrialReport | null {
    const trial = this.#trials.get(bankId)
    const told = trial && this.#machine.command(trial.command)
    if (!trial || !told) return null
    return {
      command: trial.command,
      aisle: trial.aisle,
      by: trial.by,
      at: trial.since,
      state: told.state,
      reason: told.reason,
    }
  }

  /** Takes what the person saw; `opened` is the aisle that opened, null when none did. */
  answer(bankId: string, opened: number | null, by: Person): Proof {
    if (!mayCommission(by)) return { refused: 'role may not commission' }
    const bank = this.#machine.bank(bankId)
    const trial = this.#trials.get(bankId)
    if (!bank || !trial) return { refused: 'no trial was made' }
    const end = this.#machine.command(trial.command)
    if (!end || !endStates.includes(end.state) || bank.observed?.motion === 'moving')
      return { refused: 'the trial is still under way' }
    this.#trials.delete(bankId)
    if (end.state === 'refused' || end.state === 'expired')
      return { refused: `the trial was refused: ${end.reason ?? 'no reason'}` }
    if (this.#clock.mono() - trial.at > answerWithinMs)
      return { refused: 'the trial was too long ago: make another' }
    const side = provenBy(bank.config.columns, trial.leftIs, trial.aisle, opened)
    const saw = `asked for aisle ${trial.aisle} with left set to ${trial.leftIs}, saw ${opened ?? 'none'} open`
    if (!side) {
      const note = consoleAct('sidePolarity', bankId, by, `${saw}: nothing proven`)
      return { facts: [note], puts: [], apply: () => undefined }
    }
    const proven = { leftIs: side, by: by.name, at: this.#now() }
    return {
      facts: [consoleAct('sidePolarity', bankId, by, `${saw}: left is ${side}`)],
      puts: [{ key: sideKey(bankId), value: JSON.stringify(proven) }],
      apply: () => {
        bank.commissioned.side = proven
      },
    }
  }

  /** Two named persons accept to go without the inputs that the device list calls not provided (S1). */
  accept(bankId: string, by: Person, second: Person): Proof {
    const bank = this.#machine.bank(bankId)
    if (!bank) return { refused: 'bank unknown' }
    if (!mayAccept(by) || !mayAccept(second)) return { refused: 'role may not accept inputs' }
    if (by.id === second.id) return { refused: 'needs a second person' }
    const inputs = [...bank.config.notProvided]
    const accepted = { inputs, by: by.name, second: second.name, at: this.#now() }
    const without = `accepted without: ${inputs.join(', ') || 'nothing is missing'}`
    return {
      facts: [consoleAct('acceptInputs', bankId, by, without, second)],
      puts: [{ key: inputsKey(bankId), value: JSON.stringify(accepted) }],
      apply: () => {
        bank.commissioned.inputs = accepted
      },
    }
  }

  #now() {
    return instant(this.#clock.now())
  }
}

const consoleAct = (
  act: 'trial' | 'sidePolarity' | 'acceptInputs',
  bank: string,
  by: Person,
  reason: string,
  second?: Person,
): Fact =>
  fact('lantai.console.v1', bank, {
    act,
    by: by.name,
    bank,
    reason: reason.slice(0, 200),
    ...(second ? { second: second.name } : {}),
  })
