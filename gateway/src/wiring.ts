import { type Clock, type Command, isFireMeans, millis } from '@lantai/contracts'
import type { Conditions } from './conditions/conditions.ts'
import type { Certificates } from './console/certificates.ts'
import { isSettled, type LocalState } from './console/state.ts'
import type { EpcProfileFile } from './core/epc-profile-file.ts'
import type { HealthRegistry } from './core/health.ts'
import { every, instant, type QualifiedClock } from './core/system-clock.ts'
import type { KnownDevice } from './drivers/driver.ts'
import type { Bank } from './interlock/bank.ts'
import type { Fire } from './interlock/fire.ts'
import type { InterlockMachine } from './interlock/machine.ts'
import type { Trials } from './interlock/trials.ts'
import type { BankConfig, FireConfig, Request } from './interlock/types.ts'
import type { Walks } from './locating/walk/walks.ts'
import type { Outbox } from './outbox/outbox.ts'
import type { RosterKeeper, RosterPerson } from './uplink/roster.ts'
import type { Uplink } from './uplink/uplink.ts'

/** The banks of the device list, as the interlock knows them. */
export const banksOf = (devices: readonly KnownDevice[]): BankConfig[] =>
  devices.flatMap(({ entry, facets }) =>
    facets.bank ? [{ ...facets.bank, label: entry.label, device: entry.id }] : [],
  )

/** The contacts of the device list that the interlock hears; water, doors and the like are alarms only. */
export const firesOf = (devices: readonly KnownDevice[]): FireConfig[] =>
  devices.flatMap(({ entry, facets }) =>
    (facets.contacts ?? []).flatMap(({ means, ...c }) =>
      isFireMeans(means) ? [{ ...c, means, device: entry.id }] : [],
    ),
  )

/** Every contact of the running list as it is now; a fire signal only as long as it is fresh. */
export const allContacts = (conditions: Conditions, fire: Fire) => [
  ...fire.points().map((p) => ({ id: p.id, state: fire.stateOf(p) })),
  ...conditions.contacts(),
]

/** A command of the server, as the interlock takes it. */
export const requestOf = (c: Command, nonceUntil: number | null): Request => ({
  id: c.id,
  origin: 'server',
  bank: c.bank,
  verb: c.verb,
  aisle: c.aisle,
  requester: c.requester,
  approver: c.approver,
  reason: c.reason,
  purpose: c.purpose,
  expectedRevision: c.expectedRevision,
  nonceUntil,
  issuedAt: Date.parse(c.issuedAt),
  expiresAt: Date.parse(c.expiresAt),
})

/** How much of the custody lane is used: that lane is never dropped, so motion stops before it is full (G4). */
export function custodyUse(outbox: Outbox): number {
  const { bytes, quota } = outbox.status().lanes.custody
  return bytes / quota
}
export const nearlyFull = 0.8
export const full = 0.95

/** Waits until the server has everything, or until so long has passed. */
export function settled(outbox: Outbox, clock: Clock, timeoutMs: number): Promise<boolean> {
  const done = () => isSettled(outbox.status(), outbox.busy())
  return new Promise((resolve) => {
    if (done()) return resolve(true)
    const end = (answer: boolean) => {
      look.cancel()
      timer.cancel()
      resolve(answer)
    }
    const look = every(clock, millis(50), () => done() && end(true))
    const timer = clock.after(millis(timeoutMs), () => end(false))
  })
}

export interface StateParts {
  site: string
  gateway: string
  clock: QualifiedClock
  outbox: Outbox
  uplink: Uplink
  roster: RosterKeeper
  machine: InterlockMachine
  conditions: Conditions
  health: HealthRegistry
  recent: LocalState['commands']
  certificates: Certificates
  numbering: Pick<EpcProfileFile, 'trouble'>
  trials: Trials
  walks: Walks
}

/** What the console shows. */
export function localState(p: StateParts, me: RosterPerson | null): LocalState {
  const status = p.outbox.status()
  const { lastAckAt, up } = p.uplink.state()
  const backlog = Object.entries(status.lanes).map(([lane, s]) => [lane, s.count] as const)
  return {
    site: p.site,
    gateway: p.gateway,
    now: instant(p.clock.now()),
    clock: p.clock.quality(),
    me: me && { name: me.name, roles: me.roles },
    link: { up, lastAckAgeMs: lastAckAt === null ? null : p.clock.mono() - lastAckAt },
    store: {
      epoch: status.epoch,
      backlog: Object.fromEntries(backlog),
      quarantined: status.quarantined,
      full: custodyUse(p.outbox) >= full,
    },
    rosterVersion: p.roster.version(),
    fire: { ...p.machine.fire.overall(), points: firePoints(p) },
    banks: p.machine.banks().map((b) => {
      const bank = p.machine.bank(b.bank)
      const { label = b.bank, room = '' } = bank?.config ?? {}
      return { ...b, label, room, commissioning: bank ? commissioningOf(bank, p.trials) : null }
    }),
    conditions: p.conditions.register.active(),
    commands: p.recent,
    devices: p.health.all(),
    certificates: p.certificates.rejected(),
    epcProfiles: p.numbering.trouble,
    walk: p.walks.state,
  }
}

function commissioningOf({ config, commissioned }: Bank, trials: Trials) {
  const { leftIs, notProvided, columns, bank } = config
  if (leftIs === undefined) return null
  const { side, inputs } = commissioned
  return { leftIs, columns, notProvided, side, inputs, trial: trials.report(bank) }
}

const firePoints = (p: StateParts): LocalState['fire']['points'] =>
  p.machine.fire.points().map(({ id, label, room, means, at, latchedSince, ...rest }) => ({
    id,
    label,
    room,
    means,
    state: p.machine.fire.stateOf({ id, label, room, means, at, latchedSince, ...rest }),
    ageMs: at === null ? null : p.clock.mono() - at,
    latchedSince,
  }))
