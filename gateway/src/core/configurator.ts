import type { DesiredConfig } from '@lantai/contracts'
import type { KnownDevice } from '../drivers/driver.ts'
import type { ConfigKeeper, Objections, Verdict } from './config-keeper.ts'
import type { ConfigPlan } from './config-plan.ts'
import type { Logger } from './log.ts'
import type { Recorder } from './recorder.ts'
import { instant } from './system-clock.ts'

export interface ConfiguratorDeps {
  keeper: ConfigKeeper
  recorder: Recorder
  clock: { now(): number }
  log: Logger
  against: Objections
  /** Makes the change; the list is on disk. */
  apply(plan: ConfigPlan, devices: readonly KnownDevice[]): void
  /** Something was judged: tell the server what runs. */
  report(): void
}

/** Takes wanted lists one after the other: judged whole, on disk, and only then made true (D1, D12, G6). */
export class Configurator {
  readonly #deps: ConfiguratorDeps
  #turn: Promise<void> = Promise.resolve()

  constructor(deps: ConfiguratorDeps) {
    this.#deps = deps
  }

  /** Resolves when it has been judged and, where it was good, is running. */
  want(desired: DesiredConfig): Promise<void> {
    this.#turn = this.#turn.then(() => this.#take(desired))
    return this.#turn
  }

  async #take(desired: DesiredConfig) {
    const { keeper, clock, against, log, report } = this.#deps
    const at = instant(clock.now())
    const verdict = keeper.judge(desired, against, at)
    const { version } = desired
    if (verdict.kind === 'known') return report()
    if (!(await this.#record(verdict))) {
      log.error({ version }, 'the store is full: the device list stays as it is')
      return report()
    }
    if (verdict.kind === 'rejected')
      log.error({ version, errors: verdict.fact.errors }, 'device list rejected')
    else {
      keeper.took(desired, verdict.devices, at)
      this.#deps.apply(verdict.plan, verdict.devices)
      const { added, changed, removed } = verdict.fact
      log.info({ version, by: desired.by, added, changed, removed }, 'device list applied')
    }
    report()
  }

  async #record({ fact, puts }: Exclude<Verdict, { kind: 'known' }>): Promise<boolean> {
    const facts = [
      { type: 'lantai.config.v1' as const, subject: `config-${fact.version}`, data: fact },
    ]
    return (await this.#deps.recorder.record(facts, puts)).stored
  }
}
