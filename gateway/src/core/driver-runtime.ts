import type { Driver, DriverEvent } from '../drivers/driver.ts'
import { driverKinds } from '../drivers/registry.ts'
import type { DriverSetup, FromDriver, ToDriver } from './driver-protocol.ts'
import { createLog } from './log.ts'
import { createSystemClock } from './system-clock.ts'

/** Runs devices of any protocols: `say` goes to the core, the result takes what comes from it. */
export async function runDrivers(
  setup: DriverSetup,
  say: (message: FromDriver) => void,
  ended: () => void,
): Promise<(message: ToDriver) => void> {
  const log = createLog(setup.logLevel, setup.gateway).child({ part: setup.name })
  const clock = createSystemClock()
  let waiting: DriverEvent[] = []
  /** What happens in one turn of the loop crosses to the core in one message. */
  function emit(event: DriverEvent) {
    if (waiting.length === 0) {
      const atNs = process.hrtime.bigint()
      setImmediate(() => {
        const events = waiting
        waiting = []
        say({ kind: 'events', atNs, events })
      })
    }
    waiting.push(event)
  }
  const drivers = new Map<string, Driver>()
  for (const device of setup.devices) {
    const kind = driverKinds.get(device.driver)
    if (!kind) throw new Error(`no driver ${device.driver}`)
    const create = await kind.load()
    const { dataDir } = setup
    const deps = {
      clock,
      log: log.child({ driver: device.driver, device: device.id }),
      emit,
      ...(dataDir === undefined ? {} : { dataDir }),
    }
    drivers.set(device.id, create(device, deps))
  }

  async function request(m: Extract<ToDriver, { kind: 'request' }>) {
    // S2, S5: what waited too long on its way, or in the driver's queue, is not sent.
    const inTime = () => m.notAfterNs === null || process.hrtime.bigint() <= m.notAfterNs
    const driver = drivers.get(m.device)
    const answer = inTime() ? await driver?.request?.(m.request, inTime) : 'withdrawn'
    say({ kind: 'answer', id: m.id, answer: answer ?? 'unsupported' })
  }
  async function stop() {
    await Promise.all([...drivers.values()].map((d) => d[Symbol.asyncDispose]()))
    ended()
  }
  for (const driver of drivers.values()) driver.start()
  return (m) => void (m.kind === 'stop' ? stop() : request(m))
}
