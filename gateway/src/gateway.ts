import { type KeyObject, randomUUID } from 'node:crypto'
import { type CommandTransition, type DeviceFile, millis, seconds } from '@lantai/contracts'
import type { Conditions } from './conditions/conditions.ts'
import { ContactsNow } from './conditions/contacts-now.ts'
import { Acts } from './console/acts.ts'
import { Certificates } from './console/certificates.ts'
import { startConsole } from './console/server.ts'
import { Sessions } from './console/sessions.ts'
import type { LocalState } from './console/state.ts'
import { type Bus, createBus } from './core/bus.ts'
import { ClockHistory } from './core/clock-history.ts'
import type { GatewayConfig } from './core/config.ts'
import { openKeeper } from './core/config-keeper.ts'
import { reportParts } from './core/config-report.ts'
import { Drivers } from './core/drivers.ts'
import { EpcProfileFile } from './core/epc-profile-file.ts'
import type { HealthRegistry } from './core/health.ts'
import type { Lifecycle } from './core/lifecycle.ts'
import type { Logger } from './core/log.ts'
import { createMetrics } from './core/metrics.ts'
import { readNtp } from './core/ntp.ts'
import { createRecorder, type FactToRecord } from './core/recorder.ts'
import { createSystemClock, every, instant } from './core/system-clock.ts'
import { createDeciders } from './deciders.ts'
import type { DriverEvent, KnownDevice, ShelvingRequest } from './drivers/driver.ts'
import { pkiOf, viewPkiOf } from './drivers/opcua/trust.ts'
import { driverKinds } from './drivers/registry.ts'
import { createField, type Field } from './field.ts'
import type { InterlockMachine } from './interlock/machine.ts'
import type { Runner } from './interlock/runner.ts'
import { Trials } from './interlock/trials.ts'
import { startOutbox } from './outbox/outbox.ts'
import { limitsOf, type Put } from './outbox/types.ts'
import type { OpcUaViewSettings } from './outlets/opcua/settings.ts'
import type { SparkplugSettings } from './outlets/sparkplug/settings.ts'
import { RosterKeeper } from './uplink/roster.ts'
import { ServerContract } from './uplink/server-contract.ts'
import { Uplink } from './uplink/uplink.ts'
import { WitnessKeeper } from './uplink/witness.ts'
import { createWalks } from './walking.ts'
import {
  allContacts,
  custodyUse,
  full,
  localState,
  nearlyFull,
  requestOf,
  settled,
} from './wiring.ts'

export interface GatewayInputs {
  config: GatewayConfig
  /** Of DEVICES_FILE: the first list, until the server has given another. */
  devices: KnownDevice[]
  file: DeviceFile
  commandKey: KeyObject
  ledgerKey: KeyObject
  software: string
  /** Only where the room is shown to a plant's SCADA. */
  sparkplug?: SparkplugSettings
  opcUaView?: OpcUaViewSettings
  log: Logger
  life: Lifecycle
  /** The list that runs, at the start and whenever it is another one: for who keeps this process. */
  runs(list: DeviceFile): void
}

/** What the parts tell each other without knowing who listens. */
interface Messages {
  /** Something a driver said, and how long ago it read it. */
  driver: { event: DriverEvent; ageMs: number }
  /** A command went on. */
  transition: CommandTransition
  /** Fire inputs or latches of a room changed. */
  fire: string
  /** Nothing is known of these devices until they speak again: their driver died, or they were changed. */
  lost: readonly string[]
}

/** Starts the rooms of the house in the order in which they need each other; `life` ends them in reverse. */
export async function startGateway(inputs: GatewayInputs): Promise<{ port: number }> {
  const base = await openBase(inputs)
  inputs.runs(base.keeper.running.body)
  const edge = buildEdge(inputs, base)
  const { life, log } = inputs
  const port = await openConsole(inputs, base, edge)
  edge.run(edge.machine.start())
  edge.uplink.start(`http://127.0.0.1:${port}`)
  life.onStop('uplink', () => edge.uplink.stop())
  lookRegularly(inputs, base, edge)
  await openSparkplug(inputs, base, edge)
  await openOpcUaView(inputs, base, edge)
  edge.drivers.start()
  life.onStop('drivers', () => edge.drivers.stop())
  log.info({ boot: base.boot, port, epoch: base.outbox.status().epoch }, 'gateway ready')
  return { port }
}

/** Time, the store, and what is written into it. */
async function openBase(inputs: GatewayInputs) {
  const { config, life, log } = inputs
  const boot = randomUUID()
  const clock = createSystemClock()
  const metrics = createMetrics()
  const limits = limitsOf(config.OUTBOX_MAX_MB)
  const setup = { dir: config.GATEWAY_DATA_DIR, limits, boot, origin: performance.timeOrigin }
  const outbox = await startOutbox(setup, () => clock.quality(), life.fail)
  life.onStop('outbox', () => outbox.close())
  const recorder = createRecorder(outbox, clock, boot)
  const record = (facts: FactToRecord[], puts: Put[] = []) => {
    for (const f of facts) metrics.facts.inc({ type: f.type })
    void recorder.record(facts, puts).then((answer) => {
      if (answer.stored) return
      for (const f of facts) metrics.refusedFacts.inc({ type: f.type })
      log.error({ types: facts.map((f) => f.type) }, 'the store is full: not recorded')
    })
  }
  const bus: Bus<Messages> = createBus()
  const { file, devices } = inputs
  const keeper = openKeeper({ file, devices }, outbox.restored, instant(clock.now()))
  const numbering = new EpcProfileFile({
    ...{ path: config.EPC_PROFILES_FILE, restored: outbox.restored },
    ...{ keep: (put) => record([], [put]), log: log.child({ part: 'epc-profiles' }) },
  })
  await numbering.look()
  const server = new ServerContract(outbox.restored)
  return { boot, clock, metrics, outbox, recorder, record, bus, keeper, numbering, server }
}
type Base = Awaited<ReturnType<typeof openBase>>

/** What decides at the edge, and its ways to the devices and to the server. */
function buildEdge(inputs: GatewayInputs, base: Base) {
  const { config, log, life } = inputs
  const { clock, outbox, recorder, record, metrics, bus, keeper } = base
  const roster = new RosterKeeper(config.GATEWAY_ID, outbox.restored)
  const recent: LocalState['commands'] = []
  const ask = (device: string, request: ShelvingRequest, withinMs: number | null) =>
    drivers.request(device, request, withinMs)
  const tell = (t: CommandTransition) => bus.emit('transition', t)
  const fireChanged = (room: string) => bus.emit('fire', room)
  const badRead = (device: string) => metrics.badReads.inc({ device })
  const deciders = createDeciders({
    ...{ devices: keeper.devices, clock, outbox, recorder, record },
    ...{ ask, tell, fireChanged, badRead, epcProfiles: () => base.numbering.inForce },
    understood: (type) => base.server.understands(type),
  })
  const { conditions, health, machine, runner, events, pressure, reset, lookAtFire } = deciders
  const drivers = new Drivers(
    keeper.devices.map((d) => d.entry),
    config.DRIVER_ISOLATION,
    {
      logLevel: config.LOG_LEVEL,
      gateway: config.GATEWAY_ID,
      dataDir: config.GATEWAY_DATA_DIR,
    },
    {
      clock,
      log: log.child({ part: 'drivers' }),
      event: (event, ageMs) => bus.emit('driver', { event, ageMs }),
      lost(ids, detail) {
        health.lost(ids, detail)
        bus.emit('lost', ids)
      },
    },
  )
  const parts = { machine, conditions, events, health, drivers, pressure, lookAtFire }
  const field = createField({
    ...{ ...base, ...parts, config, log, report: () => uplink.reportConfig() },
    changed(ids) {
      bus.emit('lost', ids)
      inputs.runs(keeper.running.body)
      uplink.announce()
    },
  })
  const uplink: Uplink = buildUplink(inputs, base, {
    machine,
    conditions,
    roster,
    health,
    run: runner.run,
    field,
  })
  bus.on(metrics, 'driver', (m) => metrics.events.inc({ kind: m.event.kind }))
  bus.on(events, 'driver', (m) => events.take(m.event, m.ageMs))
  bus.on(conditions, 'fire', lookAtFire)
  bus.on(uplink, 'transition', (t) => uplink.tell(t))
  bus.on(recent, 'transition', (t) => {
    recent.unshift({ ...t, at: instant(clock.now()) })
    recent.length = Math.min(recent.length, 30)
  })
  life.onStop('listeners', () => {
    for (const owner of [metrics, events, conditions, uplink, recent]) bus.off(owner)
    conditions.stop()
    events.stop()
  })
  const { run } = runner
  return {
    conditions,
    health,
    machine,
    roster,
    recent,
    reset,
    lookAtFire,
    runner,
    run,
    drivers,
    field,
    uplink,
  }
}
type Edge = ReturnType<typeof buildEdge>

interface Parts {
  machine: InterlockMachine
  conditions: Conditions
  roster: RosterKeeper
  health: HealthRegistry
  run: Runner['run']
  field: Field
}

function buildUplink(
  { config, log, commandKey, ledgerKey, software }: GatewayInputs,
  { clock, outbox, boot, metrics, keeper, record, server }: Base,
  { machine, conditions, roster, health, run, field }: Parts,
) {
  const contactsNow = new ContactsNow(clock)
  const { MQTT_URL: url, MQTT_CA: ca, MQTT_CERT: cert, MQTT_KEY: key } = config
  return new Uplink({
    site: config.LANTAI_SITE,
    gateway: config.GATEWAY_ID,
    boot,
    software,
    config: () => keeper.running,
    reportParts: () => reportParts(keeper, driverKinds.values()),
    desired: (c) => void field.configurator.want(c),
    ask: (a, nonceUntil) => field.asks.take(a, nonceUntil),
    mqtt: { url, ca, cert, key },
    commandKey,
    clock,
    log: log.child({ part: 'uplink' }),
    outbox,
    roster,
    witness: new WitnessKeeper(ledgerKey, outbox.restored, clock),
    health: () => health.all(),
    fire: () => machine.fire.overall(),
    contacts: () => contactsNow.look(allContacts(conditions, machine.fire)),
    banks: () => machine.banks(),
    moving: () => machine.anyMoving(),
    command: (c, nonceUntil) => run(machine.request(requestOf(c, nonceUntil))),
    served(ms, contract) {
      clock.judge.served(ms)
      const put = server.heard(contract)
      if (put) record([], [put])
    },
    counted(what, n, label) {
      if (what === 'sent') metrics.sent.inc({ lane: label }, n)
      if (what === 'rejected') metrics.rejected.inc({ code: label }, n)
      if (what === 'refused-message') metrics.refusedMessages.inc({ why: label }, n)
    },
  })
}

async function openConsole(inputs: GatewayInputs, base: Base, edge: Edge): Promise<number> {
  const { config, log, life } = inputs
  const { clock, outbox, recorder, metrics } = base
  const { machine, runner, roster, uplink } = edge
  const resetting = (by: string, reason: string, run: () => void) => {
    edge.reset.by = { by, reason }
    run()
    delete edge.reset.by
  }
  const trials = new Trials(machine, clock)
  const acts = new Acts(machine, runner, recorder, trials, resetting)
  const certificates = new Certificates(
    [pkiOf(config.GATEWAY_DATA_DIR), viewPkiOf(config.GATEWAY_DATA_DIR)],
    () => edge.health.all(),
    (data) => acts.note(data),
  )
  const names = { site: config.LANTAI_SITE, gateway: config.GATEWAY_ID }
  const { walks, stop } = createWalks({
    ...{ clock, acts, health: edge.health, bus: base.bus },
    ...{ log: log.child({ part: 'walks' }), devices: () => base.keeper.devices },
  })
  life.onStop('walks', stop)
  const parts = { ...names, ...base, ...edge, certificates, trials, walks }
  const { app, port } = await startConsole({
    host: config.CONSOLE_HOST,
    port: config.CONSOLE_PORT,
    log: log.child({ part: 'console' }),
    sessions: new Sessions(roster, clock),
    acts,
    certificates,
    walks,
    state: (me) => localState(parts, me),
    settled: (timeoutMs) => settled(outbox, clock, timeoutMs),
    storeFull: () => custodyUse(outbox) >= full,
    metrics: () => {
      for (const [lane, s] of Object.entries(outbox.status().lanes))
        metrics.backlog.set({ lane }, s.count)
      metrics.link.set(uplink.state().up ? 1 : 0)
      metrics.driverRestarts.set(edge.drivers.restarts)
      return metrics.registry.metrics()
    },
  })
  life.onStop('console', () => app.close())
  return port
}

/** The Sparkplug publisher, where there is one: it listens to the drivers and is listened to by nobody. */
async function openSparkplug(inputs: GatewayInputs, base: Base, edge: Edge) {
  const { sparkplug: settings, log, life } = inputs
  if (!settings) return
  const { startSparkplug } = await import('./outlets/sparkplug/start.ts')
  const { clock, bus, keeper } = base
  const outlet = startSparkplug({
    settings,
    clock,
    log: log.child({ part: 'sparkplug' }),
    devices: () => keeper.devices,
    health: () => edge.health.all(),
  })
  bus.on(outlet, 'driver', (m) => outlet.take(m.event, m.ageMs))
  life.onStop('sparkplug', () => {
    bus.off(outlet)
    return outlet.stop()
  })
}

/** The OPC UA view, where there is one: a process of its own, fed with what the drivers tell. */
async function openOpcUaView(inputs: GatewayInputs, base: Base, edge: Edge) {
  const { opcUaView: settings, config, log, life } = inputs
  if (!settings) return
  const { startOpcUaView } = await import('./outlets/opcua/start.ts')
  const { clock, bus, keeper } = base
  const view = startOpcUaView({
    setup: { settings, pki: viewPkiOf(config.GATEWAY_DATA_DIR), name: config.GATEWAY_ID },
    clock,
    log: log.child({ part: 'opcua-view' }),
    devices: () => keeper.devices,
    health: () => edge.health.all(),
  })
  bus.on(view, 'driver', (m) => view.take(m.event, m.ageMs))
  life.onStop('opcua-view', () => {
    bus.off(view)
    return view.stop()
  })
}

/** The lease of each bank is renewed four times a second; what only ages is looked at once a second. */
function lookRegularly({ config, life }: GatewayInputs, base: Base, edge: Edge) {
  const { clock, outbox } = base
  const { machine, conditions } = edge
  const lease = every(clock, millis(250), () => {
    edge.run(machine.tick())
    edge.lookAtFire()
  })
  const askNtp = () => void readNtp().then((synced) => clock.judge.ntp(synced))
  askNtp()
  const ntp = every(clock, seconds(30), askNtp)
  const numbering = every(clock, seconds(5), () => void base.numbering.look())
  const history = new ClockHistory(config.GATEWAY_ID, (fact) => {
    if (base.server.understands(fact.type)) base.record([fact])
  })
  const second = every(clock, seconds(1), () => {
    if (history.look(clock.quality())) edge.uplink.announce()
    edge.field.look()
    machine.storage(custodyUse(outbox) >= full)
    conditions.storage(config.GATEWAY_ID, custodyUse(outbox) >= nearlyFull)
    conditions.clock(config.GATEWAY_ID, clock.quality())
    for (const b of machine.banks()) {
      const at = machine.bank(b.bank)?.config
      if (at) conditions.bank(b, at.room, at.label)
    }
  })
  life.onStop('looks', () => {
    lease.cancel()
    second.cancel()
    ntp.cancel()
    numbering.cancel()
  })
}
