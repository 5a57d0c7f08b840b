import { createHash, type KeyObject, randomUUID } from 'node:crypto'
import {
  type Command,
  type CommandTransition,
  type Device,
  type DeviceFile,
  millis,
  seconds,
} from '@lantai/contracts'
import { Conditions } from './conditions/conditions.ts'
import { conditionKey } from './conditions/register.ts'
import { Acts } from './console/acts.ts'
import { startConsole } from './console/server.ts'
import { Sessions } from './console/sessions.ts'
import { isSettled, type LocalState } from './console/state.ts'
import type { GatewayConfig } from './core/config.ts'
import { hostsOf } from './core/driver-host.ts'
import { createEvents, healthChanged } from './core/events.ts'
import { HealthRegistry } from './core/health.ts'
import type { Lifecycle } from './core/lifecycle.ts'
import type { Logger } from './core/log.ts'
import { createMetrics } from './core/metrics.ts'
import { createRecorder, type FactToRecord } from './core/recorder.ts'
import { createSystemClock, every, instant } from './core/system-clock.ts'
import { InterlockMachine } from './interlock/machine.ts'
import { createRunner } from './interlock/runner.ts'
import type { BankConfig, FireConfig, Request } from './interlock/types.ts'
import { startOutbox } from './outbox/outbox.ts'
import { limitsOf, type Put } from './outbox/types.ts'
import type { RosterPerson } from './uplink/roster.ts'
import { RosterKeeper } from './uplink/roster.ts'
import { Uplink } from './uplink/uplink.ts'
import { WitnessKeeper } from './uplink/witness.ts'

export interface GatewayInputs {
  config: GatewayConfig
  file: DeviceFile
  fileText: string
  commandKey: KeyObject
  ledgerKey: KeyObject
  software: string
  log: Logger
  life: Lifecycle
}

const nearlyFull = 0.8
const full = 0.95

/** Puts the rooms of the house together, once, and starts them in the order in which they need each other. */
export async function startGateway(inputs: GatewayInputs): Promise<{ port: number }> {
  const { config, log, life } = inputs
  const { devices } = inputs.file
  const boot = randomUUID()
  const clock = createSystemClock()
  const metrics = createMetrics()
  const setup = {
    dir: config.GATEWAY_DATA_DIR,
    limits: limitsOf(config.OUTBOX_MAX_MB),
    boot,
    origin: performance.timeOrigin,
  }
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

  const conditions = new Conditions(devices, outbox.restored, clock, (c) =>
    record(
      [{ type: 'lantai.condition.v1', subject: c.key, data: c }],
      [{ key: conditionKey(c.key), value: JSON.stringify(c) }],
    ),
  )
  life.onStop('conditions', () => conditions.stop())
  const health = new HealthRegistry(devices, clock, healthChanged(conditions, record))
  const machine = new InterlockMachine(banksOf(devices), firesOf(devices), outbox.restored, clock)
  const roster = new RosterKeeper(config.GATEWAY_ID, outbox.restored)
  const witness = new WitnessKeeper(inputs.ledgerKey, outbox.restored, clock)

  const hosts = hostsOf(
    devices,
    { logLevel: config.LOG_LEVEL, gateway: config.GATEWAY_ID },
    {
      clock,
      log: log.child({ part: 'drivers' }),
      event: (e) => {
        metrics.events.inc({ kind: e.kind })
        events.take(e)
      },
      lost: (ids, detail) => health.lost(ids, detail),
    },
  )
  const driverOf = new Map(devices.map((d) => [d.id, d.driver]))
  const recent: LocalState['commands'] = []
  const tell = (t: CommandTransition) => {
    recent.unshift({ ...t, at: instant(clock.now()) })
    recent.length = Math.min(recent.length, 30)
    uplink.tell(t)
  }
  let resetBy: { by: string; reason: string } | undefined
  const lookAtFire = (room?: string) =>
    conditions.fire(machine.fire.points(room), (p) => machine.fire.stateOf(p), resetBy)
  const runner = createRunner({
    machine,
    recorder,
    mono: () => clock.mono(),
    ask: (device, request, withinMs) => {
      const driver = driverOf.get(device)
      const host = driver && hosts.get(driver)
      return host ? host.request(device, request, withinMs) : Promise.resolve('link-lost')
    },
    tell,
    fireChanged: lookAtFire,
  })
  const events = createEvents({
    devices,
    clock,
    conditions,
    health,
    machine,
    runner,
    record,
    badRead: (device) => metrics.badReads.inc({ device }),
  })
  life.onStop('events', () => events.stop())

  let port = config.CONSOLE_PORT
  const uplink = new Uplink({
    site: config.LANTAI_SITE,
    gateway: config.GATEWAY_ID,
    boot,
    software: inputs.software,
    configHash: createHash('sha256').update(inputs.fileText).digest('hex'),
    mqtt: {
      url: config.MQTT_URL,
      ca: config.MQTT_CA,
      cert: config.MQTT_CERT,
      key: config.MQTT_KEY,
    },
    commandKey: inputs.commandKey,
    clock,
    log: log.child({ part: 'uplink' }),
    outbox,
    roster,
    witness,
    consoleUrl: () => `http://127.0.0.1:${port}`,
    health: () => health.all(),
    fire: () => machine.fire.overall(),
    banks: () => machine.banks(),
    moving: () => machine.anyMoving(),
    command: (c, nonceUntil) => runner.run(machine.request(requestOf(c, nonceUntil))),
    counted(what, n, label) {
      if (what === 'sent') metrics.sent.inc({ lane: label }, n)
      if (what === 'rejected') metrics.rejected.inc({ code: label }, n)
      if (what === 'refused-message') metrics.refusedMessages.inc({ why: label }, n)
    },
  })

  const custodyUse = () => {
    const { bytes, quota } = outbox.status().lanes.custody
    return bytes / quota
  }
  const looks = [
    every(clock, millis(250), () => {
      runner.run(machine.tick())
      lookAtFire()
    }),
    every(clock, seconds(1), () => {
      machine.storage(custodyUse() >= full)
      conditions.storage(config.GATEWAY_ID, custodyUse() >= nearlyFull)
      conditions.clock(config.GATEWAY_ID, clock.quality())
      for (const b of machine.banks()) {
        const at = machine.bank(b.bank)?.config
        if (at) conditions.bank(b, at.room, at.label)
      }
    }),
  ]
  life.onStop('looks', () => {
    for (const l of looks) l.cancel()
  })

  const resetting = (by: string, reason: string, run: () => void) => {
    resetBy = { by, reason }
    run()
    resetBy = undefined
  }
  const state = (me: RosterPerson | null): LocalState => {
    const status = outbox.status()
    const { lastAckAt, up } = uplink.state()
    const mono = clock.mono()
    return {
      site: config.LANTAI_SITE,
      gateway: config.GATEWAY_ID,
      now: instant(clock.now()),
      clock: clock.quality(),
      me: me && { name: me.name, roles: me.roles },
      link: { up, lastAckAgeMs: lastAckAt === null ? null : mono - lastAckAt },
      store: {
        epoch: status.epoch,
        backlog: Object.fromEntries(Object.entries(status.lanes).map(([l, s]) => [l, s.count])),
        quarantined: status.quarantined,
        full: custodyUse() >= full,
      },
      rosterVersion: roster.version(),
      fire: {
        ...machine.fire.overall(),
        points: machine.fire.points().map((p) => ({
          id: p.id,
          label: p.label,
          room: p.room,
          means: p.means,
          state: machine.fire.stateOf(p),
          ageMs: p.at === null ? null : mono - p.at,
          latchedSince: p.latchedSince,
        })),
      },
      banks: machine.banks().map((b) => ({
        ...b,
        label: machine.bank(b.bank)?.config.label ?? b.bank,
        room: machine.bank(b.bank)?.config.room ?? '',
      })),
      conditions: conditions.register.active(),
      commands: recent,
      devices: health.all(),
    }
  }
  const settled = (timeoutMs: number) =>
    new Promise<boolean>((resolve) => {
      const done = () => isSettled(outbox.status(), outbox.busy())
      if (done()) return resolve(true)
      const look = every(clock, millis(50), () => done() && end(true))
      const timer = clock.after(millis(timeoutMs), () => end(false))
      const end = (answer: boolean) => {
        look.cancel()
        timer.cancel()
        resolve(answer)
      }
    })

  const local = await startConsole({
    host: config.CONSOLE_HOST,
    port: config.CONSOLE_PORT,
    log: log.child({ part: 'console' }),
    sessions: new Sessions(roster, clock),
    acts: new Acts(machine, runner, recorder, resetting),
    state,
    settled,
    metrics: () => {
      for (const [lane, s] of Object.entries(outbox.status().lanes))
        metrics.backlog.set({ lane }, s.count)
      metrics.link.set(uplink.state().up ? 1 : 0)
      for (const [driver, host] of hosts) metrics.driverRestarts.set({ driver }, host.restarts)
      return metrics.registry.metrics()
    },
    storeFull: () => custodyUse() >= full,
  })
  life.onStop('console', () => local.app.close())
  port = local.port

  runner.run(machine.start())
  uplink.start()
  life.onStop('uplink', () => uplink.stop())
  for (const host of hosts.values()) host.start()
  life.onStop('drivers', async () => {
    await Promise.all([...hosts.values()].map((h) => h.stop()))
  })
  log.info({ boot, port, devices: devices.length, epoch: outbox.status().epoch }, 'gateway ready')
  return { port }
}

const banksOf = (devices: readonly Device[]): BankConfig[] =>
  devices.flatMap((d) =>
    d.driver === 'modbus-shelving'
      ? [
          {
            bank: d.bank,
            label: d.label,
            room: d.room,
            device: d.id,
            columns: d.columns,
            notProvided: d.notProvided,
          },
        ]
      : [],
  )

const firesOf = (devices: readonly Device[]): FireConfig[] =>
  devices.flatMap((d) =>
    d.driver === 'modbus-contacts'
      ? d.inputs.map((i) => ({
          id: i.id,
          label: i.label,
          device: d.id,
          room: i.room,
          means: i.means,
        }))
      : [],
  )

const requestOf = (c: Command, nonceUntil: number | null): Request => ({
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
