import { type DeviceEntry, millis } from '@lantai/contracts'
import type { Driver, DriverEvent } from '../drivers/driver.ts'
import { driverKinds } from '../drivers/registry.ts'
import type { DriverSetup, FromDriver, ToDriver } from './driver-protocol.ts'
import { createLog } from './log.ts'
import { createSystemClock } from './system-clock.ts'

/** A driver that does not end in this time is left behind: it is not heard any more, whatever it still does. */
const endWithin = millis(3000)

/** One device that runs. What it says after its end is nobody's. */
interface Running {
  driver: Driver
  gone: boolean
}

/** Runs devices of any protocols: `say` goes to the core, the result takes what comes from it. */
export async function runDrivers(
  setup: DriverSetup,
  say: (message: FromDriver) => void,
  ended: () => void,
): Promise<(message: ToDriver) => void> {
  const log = createLog(setup.logLevel, setup.gateway).child({ part: setup.name })
  const clock = createSystemClock()
  const emit = inTurns(say)
  const drivers = new Map<string, Running>()

  async function create(device: DeviceEntry) {
    const running: Running = { driver: nobody, gone: false }
    const tell = (event: DriverEvent) => running.gone || emit(event)
    try {
      const kind = driverKinds.get(device.driver)
      if (!kind) throw new Error(`no driver ${device.driver}`)
      const make = await kind.load()
      const deps = {
        clock,
        log: log.child({ driver: device.driver, device: device.id }),
        emit: tell,
        ...(setup.dataDir === undefined ? {} : { dataDir: setup.dataDir }),
      }
      running.driver = make(device, deps)
    } catch (error) {
      // One device that cannot be made takes none of the others with it.
      log.error({ err: error, device: device.id }, 'driver not made')
      tell(notMade(device.id, error))
    }
    drivers.set(device.id, running)
  }
  async function end(id: string) {
    const running = drivers.get(id)
    if (!running) return
    running.gone = true
    drivers.delete(id)
    emit.forget(id)
    await Promise.race([disposed(id, running.driver), late()])
  }
  async function disposed(id: string, driver: Driver) {
    try {
      await driver[Symbol.asyncDispose]()
    } catch (error) {
      log.error({ err: error, device: id }, 'driver did not end cleanly')
    }
  }
  const late = () => new Promise<void>((resolve) => void clock.after(endWithin, resolve))
  async function change(m: Extract<ToDriver, { kind: 'change' }>) {
    await Promise.all(m.remove.map(end))
    for (const device of m.add) await create(device)
    say({ kind: 'changed', id: m.id })
    for (const device of m.add) drivers.get(device.id)?.driver.start()
  }
  async function request(m: Extract<ToDriver, { kind: 'request' }>) {
    // S2, S5: what waited too long on its way, or in the driver's queue, is not sent.
    const inTime = () => m.notAfterNs === null || process.hrtime.bigint() <= m.notAfterNs
    const driver = drivers.get(m.device)?.driver
    const answer = inTime() ? await driver?.request?.(m.request, inTime) : 'withdrawn'
    say({ kind: 'answer', id: m.id, answer: answer ?? 'unsupported' })
  }
  async function identify(m: Extract<ToDriver, { kind: 'identify' }>) {
    const asked = drivers.get(m.device)?.driver.identify?.()
    const answer = await asked?.catch((err: unknown) => {
      log.warn({ err, device: m.device }, 'the device did not show itself')
      return 'link-lost' as const
    })
    say({ kind: 'identified', id: m.id, answer: answer ?? 'unsupported' })
  }
  async function stop() {
    await Promise.all([...drivers.keys()].map(end))
    ended()
  }
  for (const device of setup.devices) await create(device)
  for (const { driver } of drivers.values()) driver.start()
  // Changes one after the other, in the order in which they came.
  let changes: Promise<void> = Promise.resolve()
  return (m) => {
    if (m.kind === 'request') void request(m)
    else if (m.kind === 'identify') void identify(m)
    else changes = changes.then(() => (m.kind === 'stop' ? stop() : change(m)))
  }
}

const nobody: Driver = { start: () => undefined, [Symbol.asyncDispose]: async () => undefined }

const notMade = (device: string, error: unknown): DriverEvent => ({
  kind: 'health',
  device,
  state: 'offline',
  detail: `the driver could not be made: ${error instanceof Error ? error.message : error}`,
  firmware: null,
  badFrames: 0,
})

/** What happens in one turn of the loop crosses to the core in one message. */
function inTurns(say: (message: FromDriver) => void) {
  let waiting: DriverEvent[] = []
  const emit = (event: DriverEvent) => {
    if (waiting.length === 0) {
      const atNs = process.hrtime.bigint()
      setImmediate(() => {
        const events = waiting
        waiting = []
        if (events.length > 0) say({ kind: 'events', atNs, events })
      })
    }
    waiting.push(event)
  }
  /** What a device said and nobody took yet is dropped: it is not what the next one says. */
  const forget = (device: string) => {
    const left = waiting.filter((e) => e.device !== device)
    waiting.splice(0, waiting.length, ...left)
  }
  return Object.assign(emit, { forget })
}
