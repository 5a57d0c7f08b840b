import type {
  Clock,
  DeviceHealth,
  EpcProfile,
  FactBody,
  FactType,
  ReaderRole,
} from '@lantai/contracts'
import type { Conditions } from '../conditions/conditions.ts'
import { tellImpossible } from '../conditions/two-places.ts'
import type { DriverEvent, KnownDevice, TagRead } from '../drivers/driver.ts'
import type { InterlockMachine } from '../interlock/machine.ts'
import type { Runner } from '../interlock/runner.ts'
import { DeskPresence } from '../presence/desk.ts'
import { GatePresence } from '../presence/gate.ts'
import { RoundFold } from '../presence/round-fold.ts'
import { TwoPlaces } from '../presence/two-places.ts'
import type { ConfigPlan } from './config-plan.ts'
import type { HealthRegistry } from './health.ts'
import { OwnNumbers } from './own-numbers.ts'
import type { LanePressure } from './pressure.ts'
import type { FactToRecord } from './recorder.ts'
import { instant } from './system-clock.ts'
import { Packer } from './telemetry.ts'
import { type Thinned, Thinner } from './thinner.ts'

export interface EventDeps {
  devices: readonly KnownDevice[]
  clock: Clock
  conditions: Conditions
  health: HealthRegistry
  machine: InterlockMachine
  runner: Runner
  record(facts: FactToRecord[]): void
  badRead(device: string): void
  /** How short of space the lanes are that may thin out. */
  pressure: Pick<LanePressure, 'of'>
  /** False where the server is known not to understand a fact of this type yet (ADR 12). */
  understood(type: FactType): boolean
  /** Numberings of tags that are not GS1's, those in force; checked. */
  epcProfiles?(): readonly EpcProfile[]
}

const epcForm = /^([0-9A-F]{4}){1,31}$/

/** Where each event of a driver goes. The whole way of a tag, a reading, a contact and a status begins here. */
export function createEvents(deps: EventDeps) {
  const { conditions, machine, runner, record } = deps
  const readers = new Map<string, { read(r: TagRead): void; stop(): void }>()
  const folds = new Map<string, RoundFold>()
  const packers = new Map<string, Pick<Packer, 'reading' | 'flush'>>()
  const bankOf = new Map<string, string>()
  const labels = new Map<string, string>()
  const twoPlaces = new TwoPlaces((fact) =>
    tellImpossible(conditions.register, fact, (id) => labels.get(id) ?? id),
  )
  function add({ entry, facets }: KnownDevice) {
    if (entry.disabled) return
    const { id } = entry
    labels.set(id, entry.label)
    // A cart's reads are of a walk, and say nothing about who comes and goes.
    if (facets.reader && facets.reader.role !== 'cart')
      readers.set(id, presenceOf(id, facets.reader.role, deps))
    if (facets.reader) folds.set(id, foldOf(id, deps))
    if (facets.bank) bankOf.set(id, facets.bank.bank)
    if (facets.air) {
      const sensors = facets.air.sensors.map((s) => s.id)
      packers.set(id, packerOf(id, sensors, deps))
    }
  }
  function remove(id: string) {
    readers.get(id)?.stop()
    packers.get(id)?.flush()
    folds.get(id)?.flush()
    readers.delete(id)
    folds.delete(id)
    packers.delete(id)
    bankOf.delete(id)
  }
  for (const d of deps.devices) add(d)
  function tags(e: Extract<DriverEvent, { kind: 'tags' }>) {
    const reader = readers.get(e.device)
    const now = deps.clock.mono()
    for (const r of e.reads) {
      if (!epcForm.test(r.epc)) {
        deps.badRead(e.device)
        continue
      }
      reader?.read(r)
      if (reader) twoPlaces.read(e.device, r.epc, r.tid, now)
    }
  }
  function hole(e: Extract<DriverEvent, { kind: 'hole' }>) {
    const span = { from: instant(e.fromMs), to: instant(e.toMs) }
    const none = { firstSeq: null, lastSeq: null, count: e.count ?? 0 }
    const data = { lane: 'reads' as const, ...none, ...span, reason: e.reason, device: e.device }
    record([{ type: 'lantai.gap.v1', subject: e.device, data }])
  }
  function take(e: DriverEvent, ageMs: number) {
    switch (e.kind) {
      case 'tags':
        return tags(e)
      case 'readings':
        conditions.readings(e.device, e.sensor, e.values)
        return packers.get(e.device)?.reading(e.sensor, e.values)
      case 'sensorSilent':
        return conditions.sensorSilent(e.device, e.sensor, e.silent)
      case 'contact':
        conditions.contact(e.device, e.input, e.state, e.text)
        return runner.run(machine.contactReported(e.input, e.state, ageMs))
      case 'bank':
        return runner.run(machine.bankReported(bankOf.get(e.device) ?? '', e, ageMs))
      case 'health':
        return deps.health.report(e.device, e)
      case 'round':
        return folds.get(e.device)?.take(e)
      case 'hole':
        return hole(e)
      // Of a walk; who records one listens by itself.
      case 'odometry':
        return
    }
  }
  return {
    take,
    /** What hangs on one device goes and comes with it; nothing of another is touched. */
    apply(plan: ConfigPlan) {
      for (const d of plan.removed) remove(d.entry.id)
      for (const { before } of plan.changed) remove(before.entry.id)
      for (const d of [...plan.added, ...plan.changed.map((c) => c.after)]) add(d)
    },
    stop() {
      for (const r of readers.values()) r.stop()
      for (const f of folds.values()) f.flush()
      for (const p of packers.values()) p.flush()
    },
  }
}

/** A round of which the server can know nothing yet is no fact for it; its reads and gaps are. */
const foldOf = (id: string, { clock, record, pressure, understood }: EventDeps) =>
  new RoundFold(
    id,
    clock,
    (data) => {
      if (understood('lantai.round.v1')) record([{ type: 'lantai.round.v1', subject: id, data }])
    },
    () => pressure.of('reads') !== 'free',
  )

/** The readings of one line, packed, and thinned while space is short; what was merged is stated with them (G4). */
function packerOf(id: string, sensors: readonly string[], { clock, record, pressure }: EventDeps) {
  const tell = ({ at, body, merged, toMs }: Thinned) => {
    const readings: FactToRecord = { type: 'lantai.readings.v1', subject: id, data: body, at }
    const span = { from: instant(at), to: instant(toMs) }
    const gap: FactBody<'lantai.gap.v1'> = {
      ...{ lane: 'telemetry', firstSeq: null, lastSeq: null, ...span, count: merged },
      ...{ reason: 'quota', device: id },
    }
    record(merged > 0 ? [readings, { type: 'lantai.gap.v1', subject: id, data: gap }] : [readings])
  }
  const thinner = new Thinner(() => pressure.of('telemetry') !== 'free', tell)
  const packer = new Packer(sensors, clock, (at, body) => thinner.take(at, body))
  return {
    reading: (...reading: Parameters<Packer['reading']>) => packer.reading(...reading),
    flush() {
      packer.flush()
      thinner.flush()
    },
  }
}

function presenceOf(
  id: string,
  role: Exclude<ReaderRole, 'cart'>,
  { clock, record, pressure, epcProfiles = () => [] }: EventDeps,
) {
  const own = new OwnNumbers(epcProfiles)
  const presence =
    role === 'desk'
      ? new DeskPresence(
          id,
          clock,
          (s) => {
            const data = { ...s, ...own.of(s.epc) }
            record([{ type: 'lantai.sighting.v1', subject: id, data }])
          },
          () => pressure.of('reads') !== 'free',
        )
      : new GatePresence(clock, (p) => {
          const data = { gate: id, ...p, ...own.of(p.epc) }
          record([{ type: 'lantai.passage.v1', subject: id, data }])
        })
  return {
    read(r: TagRead) {
      own.heard(r)
      presence.read(r)
    },
    stop: () => presence.stop(),
  }
}

/** A change of a device's health: history in the alarm lane, and an alarm when it is gone. */
export const healthChanged =
  (conditions: Conditions, record: (facts: FactToRecord[]) => void) => (health: DeviceHealth) => {
    record([{ type: 'lantai.device.v1', subject: health.device, data: health }])
    conditions.health(health.device, health.state)
  }
