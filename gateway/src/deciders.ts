import type { CommandTransition, EpcProfile, FactType } from '@lantai/contracts'
import { Conditions } from './conditions/conditions.ts'
import { conditionKey } from './conditions/register.ts'
import { createEvents, healthChanged } from './core/events.ts'
import { HealthRegistry } from './core/health.ts'
import { LanePressure } from './core/pressure.ts'
import type { FactToRecord, Recorder } from './core/recorder.ts'
import type { QualifiedClock } from './core/system-clock.ts'
import type { KnownDevice, ShelvingAnswer, ShelvingRequest } from './drivers/driver.ts'
import { InterlockMachine } from './interlock/machine.ts'
import { createRunner } from './interlock/runner.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { Put } from './outbox/types.ts'
import { banksOf, firesOf } from './wiring.ts'

export interface DeciderDeps {
  devices: readonly KnownDevice[]
  clock: QualifiedClock
  outbox: Outbox
  recorder: Recorder
  record(facts: FactToRecord[], puts?: Put[]): void
  /** Asks a shelving driver. */
  ask(device: string, request: ShelvingRequest, withinMs: number | null): Promise<ShelvingAnswer>
  tell(transition: CommandTransition): void
  /** Fire inputs or latches of a room changed; `lookAtFire` makes conditions of them. */
  fireChanged(room: string): void
  badRead(device: string): void
  /** False where the server is known not to understand a fact of this type yet (ADR 12). */
  understood(type: FactType): boolean
  epcProfiles?(): readonly EpcProfile[]
}

/** What decides at the edge: everything between what a driver says and what the store is given. */
export function createDeciders(deps: DeciderDeps) {
  const { devices, clock, outbox, record } = deps
  const conditions = new Conditions(devices, outbox.restored, clock, (c) =>
    record(
      [{ type: 'lantai.condition.v1', subject: c.key, data: c }],
      [{ key: conditionKey(c.key), value: JSON.stringify(c) }],
    ),
  )
  const health = new HealthRegistry(devices, clock, healthChanged(conditions, record))
  const machine = new InterlockMachine(banksOf(devices), firesOf(devices), outbox.restored, clock)
  const runner = createRunner({ ...deps, machine, mono: () => clock.mono() })
  const pressure = new LanePressure(() => outbox.status())
  const events = createEvents({ ...deps, conditions, health, machine, runner, pressure })
  /** Who resets a latch just now. */
  const reset: { by?: { by: string; reason: string } } = {}
  const lookAtFire = (room?: string) =>
    conditions.fire(machine.fire.points(room), (p) => machine.fire.stateOf(p), reset.by)
  return { conditions, health, machine, runner, events, pressure, reset, lookAtFire }
}
