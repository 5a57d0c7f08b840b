import { parentPort, workerData } from 'node:worker_threads'
import type { DriverSetup, ToDriver } from './driver-protocol.ts'
import { runDrivers } from './driver-runtime.ts'

const port = parentPort
if (!port) throw new Error('this file runs in a worker')
const early: ToDriver[] = []
let take = (m: ToDriver): void => void early.push(m)
port.on('message', (m: ToDriver) => take(m))
take = await runDrivers(
  workerData as DriverSetup,
  (m) => port.postMessage(m),
  () => port.close(),
)
for (const m of early) take(m)
