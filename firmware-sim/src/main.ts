/** The simulator: one world, ten devices that speak only their wire protocols, and a control channel for tests. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import process from 'node:process'
import { millis, type Timer } from '@lantai/contracts'
import pino from 'pino'
import { readSimConfig, type SimConfig } from './config.ts'
import { startControl } from './control/server.ts'
import { Fleet } from './fleet.ts'
import { JsonFile } from './json-file.ts'
import { startAmbient } from './scenarios/ambient.ts'
import { systemClock as clock } from './system-clock.ts'
import { buildStore } from './world/catalogue/store.ts'
import { Rng } from './world/rng.ts'
import { World, type WorldSaved } from './world/world.ts'

const saveAfterMs = 300
const endWithinMs = 4500

const read = readSimConfig()
if (!read.ok) {
  process.stderr.write(`${read.problems.join('\n')}\n`)
  process.exit(78)
}
await run(read.value)

async function run(config: SimConfig): Promise<void> {
  const log = pino({ level: config.LOG_LEVEL, base: { process: 'firmware-sim' } })
  mkdirSync(config.SIM_DIR, { recursive: true })
  const store = buildStore(config.SIM_SEED, config.SIM_TODAY)
  const file = new JsonFile<WorldSaved>(join(config.SIM_DIR, 'world.json'))
  const saver = lazily((state: WorldSaved) => file.write(state))
  const rng = new Rng(config.SIM_SEED)
  const fleet: Fleet = new Fleet({
    dir: config.SIM_DIR,
    seed: config.SIM_SEED,
    portBase: config.SIM_PORT_BASE,
    alarmDelayMs: config.SIM_ALARM_DELAY_MS ?? 0,
    clock,
    log: log.child({ subsystem: 'devices' }),
    bankSaved: (bank) => world.bankSaved(bank),
    onState: (device, state) => world.deviceState(device, state),
    onDown: (device) => world.deviceDown(device),
    onUp: (device) => {
      world.deviceUp(device).catch((err: unknown) => log.warn({ err, device }, 'not told'))
    },
  })
  const world: World = new World({
    clock,
    rng,
    seed: config.SIM_SEED,
    store,
    saved: file.read(isSaved),
    devices: fleet,
    save: saver.save,
    onUndelivered: (device, err) => log.debug({ device, err }, 'device is down'),
  })
  await fleet.start()
  world.start()
  const control = await startControl({ world, fleet }, clock)
  const endAmbient =
    config.SIM_AMBIENT === '1'
      ? startAmbient({
          clock,
          rng: rng.fork('ambient'),
          store,
          world,
          told: (what, detail) => log.info({ subsystem: 'ambient', ...detail }, what),
        })
      : () => undefined
  const end = async (signal: string) => {
    log.info({ signal }, 'ending')
    clock.after(millis(endWithinMs), () => process.exit(1))
    endAmbient()
    world.stop()
    saver.flush()
    await Promise.all([control.close(), fleet.stop()])
    process.exit(0)
  }
  // 'disconnect': whoever started us is gone; an orphan would keep the ports and the serial line.
  for (const signal of ['SIGTERM', 'SIGINT', 'disconnect'] as const)
    process.once(signal, () => {
      end(signal).catch(() => process.exit(1))
    })
  const { deviceFile: devices } = fleet
  process.send?.({ ready: true, controlPort: control.port, controlToken: control.token, devices })
  log.info({ devices: devices.devices.length }, 'simulator ready')
}

/** Writes at most every 300 ms, always the newest state. */
function lazily(write: (state: WorldSaved) => void) {
  let newest: WorldSaved | null = null
  let timer: Timer | null = null
  const flush = () => {
    timer?.cancel()
    timer = null
    if (newest) write(newest)
    newest = null
  }
  const save = (state: WorldSaved) => {
    newest = state
    timer ??= clock.after(millis(saveAfterMs), flush)
  }
  return { save, flush }
}

function isSaved(value: unknown): value is WorldSaved {
  const v = value as Partial<WorldSaved> | null | undefined
  return v?.version === 1 && typeof v.places === 'object' && typeof v.banks === 'object'
}
