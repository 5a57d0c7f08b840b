import { parentPort, workerData } from 'node:worker_threads'
import type { Device } from '@lantai/contracts'
import type { Driver, DriverEvent, DriverKind } from '../drivers/driver.ts'
import { driverKinds } from '../drivers/registry.ts'
import type { DriverSetup, FromDriver, ToDriver } from './driver-protocol.ts'
import { createLog } from './log.ts'
import { createSystemClock } from './system-clock.ts'

const port = parentPort
if (!port) throw new Error('drivers run in a worker')
const setup = workerData as DriverSetup
const log = createLog(setup.logLevel, setup.gateway).child({ driver: setup.driver })
const clock = createSystemClock()
const say = (message: FromDriver) => port.postMessage(message)

let waiting: DriverEvent[] = []
/** What happens in one turn of the loop crosses to the core in one message. */
function emit(event: DriverEvent) {
  if (waiting.length === 0) setImmediate(send)
  waiting.push(event)
}
function send() {
  const events = waiting
  waiting = []
  say({ kind: 'events', events })
}

const { kind } = (await driverKinds[setup.driver]()) as { kind: DriverKind }
const drivers = new Map<string, Driver>()
for (const device of setup.devices as Device[]) {
  const deps = { clock, log: log.child({ device: device.id }), emit }
  drivers.set(device.id, kind.create(device, deps))
}

async function request(m: Extract<ToDriver, { kind: 'request' }>) {
  // S2, S5: a motion request that waited too long on its way is not sent. hrtime is one clock for all threads.
  const late = m.notAfterNs !== null && process.hrtime.bigint() > m.notAfterNs
  const driver = drivers.get(m.device)
  const answer = late || !driver?.request ? 'rejected' : await driver.request(m.request)
  say({ kind: 'answer', id: m.id, answer })
}

async function stop() {
  await Promise.all([...drivers.values()].map((d) => d[Symbol.asyncDispose]()))
  say({ kind: 'stopped' })
  port?.close()
}

port.on('message', (m: ToDriver) => {
  if (m.kind === 'stop') void stop()
  else void request(m)
})
for (const driver of drivers.values()) driver.start()
say({ kind: 'started' })
