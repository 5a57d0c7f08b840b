/** What changes while the gateway runs: its device list, readers that pause, devices that are asked or tried. */
import type { Conditions } from './conditions/conditions.ts'
import { Asks } from './core/asks.ts'
import type { GatewayConfig } from './core/config.ts'
import type { ConfigKeeper } from './core/config-keeper.ts'
import type { ConfigPlan } from './core/config-plan.ts'
import { Configurator } from './core/configurator.ts'
import type { Drivers } from './core/drivers.ts'
import type { createEvents } from './core/events.ts'
import type { HealthRegistry } from './core/health.ts'
import type { Logger } from './core/log.ts'
import type { LanePressure } from './core/pressure.ts'
import { ReaderPause } from './core/reader-pause.ts'
import type { FactToRecord, Recorder } from './core/recorder.ts'
import type { QualifiedClock } from './core/system-clock.ts'
import { runTrial, trialRefusal } from './core/trial-host.ts'
import type { KnownDevice } from './drivers/driver.ts'
import { driverKinds } from './drivers/registry.ts'
import type { InterlockMachine } from './interlock/machine.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { Put } from './outbox/types.ts'
import { banksOf, firesOf } from './wiring.ts'

export interface FieldDeps {
  config: GatewayConfig
  log: Logger
  clock: QualifiedClock
  outbox: Outbox
  recorder: Recorder
  record(facts: FactToRecord[], puts: Put[]): void
  keeper: ConfigKeeper
  machine: InterlockMachine
  conditions: Conditions
  events: ReturnType<typeof createEvents>
  health: HealthRegistry
  drivers: Drivers
  pressure: LanePressure
  lookAtFire(): void
  /** Something was judged: tell the server what runs. */
  report(): void
  /** Drivers of these devices ended or began. */
  changed(devices: readonly string[]): void
}

export interface Field {
  configurator: Configurator
  asks: Asks
  /** Once a second. */
  look(): void
}

export function createField(deps: FieldDeps): Field {
  const { clock, outbox, recorder, record, keeper, health, drivers, machine, pressure } = deps
  const pause = new ReaderPause(outbox.restored, { clock, drivers, health, record })
  const configurator = new Configurator({
    ...{ keeper, recorder, clock, report: () => deps.report() },
    log: deps.log.child({ part: 'config' }),
    against: { alarmed: (id) => isAlarmed(machine, id), busy: (bank) => machine.busy(bank) },
    apply: (plan, devices) => apply(deps, pause, plan, devices),
  })
  return {
    configurator,
    asks: asksOf(deps),
    look: () => pause.look(keeper.devices, pressure.of('reads') === 'full'),
  }
}

/** What decides first, what moves data last: nothing of a new driver meets an old rule. */
function apply(
  { machine, conditions, events, health, drivers, lookAtFire, changed }: FieldDeps,
  pause: ReaderPause,
  plan: ConfigPlan,
  devices: readonly KnownDevice[],
) {
  const touched = [...plan.removed, ...plan.added, ...plan.changed.map((c) => c.after)]
  const ids = new Set(touched.map((d) => d.entry.id))
  machine.apply(banksOf(devices), firesOf(devices), ids)
  conditions.apply(plan)
  events.apply(plan)
  health.apply(plan)
  pause.forget([...ids])
  drivers.apply(plan)
  changed([...ids, ...plan.changed.map((c) => c.before.entry.id)])
  lookAtFire()
}

const isAlarmed = ({ fire }: InterlockMachine, contact: string): boolean =>
  fire
    .points()
    .some((p) => p.id === contact && (p.latchedSince !== null || fire.stateOf(p) === 'active'))

/** What may be asked of a device apart from motion: to show itself, and to try settings. */
function asksOf({ config, clock, keeper, drivers }: FieldDeps): Asks {
  const { LOG_LEVEL: logLevel, GATEWAY_ID: gateway, GATEWAY_DATA_DIR: dataDir } = config
  return new Asks({
    clock,
    identify: (device) => (drivers.has(device) ? drivers.identify(device) : null),
    refusal: (entry) => trialRefusal(entry, keeper.devices, driverKinds.get(entry.driver)),
    trial: ({ entry, forMs }) => runTrial({ entry, forMs, logLevel, gateway, dataDir }, clock),
  })
}
