/** The walks of the cart, wired: they hear the drivers, and are asked by the console. */
import type { Acts } from './console/acts.ts'
import type { Bus } from './core/bus.ts'
import type { HealthRegistry } from './core/health.ts'
import type { Logger } from './core/log.ts'
import type { QualifiedClock } from './core/system-clock.ts'
import type { DriverEvent, KnownDevice } from './drivers/driver.ts'
import { solveApart } from './locating/walk/solver.ts'
import { Walks } from './locating/walk/walks.ts'

export interface WalkingDeps {
  clock: QualifiedClock
  log: Logger
  devices(): readonly KnownDevice[]
  health: Pick<HealthRegistry, 'all'>
  acts: Pick<Acts, 'note'>
  bus: Pick<
    Bus<{ driver: { event: DriverEvent; ageMs: number }; lost: readonly string[] }>,
    'on' | 'off'
  >
}

export function createWalks({ clock, log, devices, health, acts, bus }: WalkingDeps) {
  const walks = new Walks({
    clock,
    devices,
    health: () => health.all(),
    note: (act, by, face) => acts.note({ act, by, bank: null, reason: face }),
    solve: solveApart,
    failed: (err) => log.error({ err }, 'the locator failed'),
  })
  bus.on(walks, 'driver', (m) => walks.take(m.event, m.ageMs))
  bus.on(walks, 'lost', (devices) => walks.lost(devices))
  return { walks, stop: () => bus.off(walks) }
}
