import { flushCompileCache } from 'node:module'
import type { DriverSetup, ToDriver } from './driver-protocol.ts'
import { runDrivers } from './driver-runtime.ts'

const first = await new Promise<DriverSetup>((resolve) => process.once('message', resolve))
const early: ToDriver[] = []
let take = (m: ToDriver): void => void early.push(m)
process.on('message', (m: ToDriver) => take(m))
// The gateway is gone: so are we. Signals of the terminal are its business; it tells us to stop.
process.on('disconnect', () => process.exit(0))
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
take = await runDrivers(
  first,
  (m) => process.send?.(m),
  () => process.exit(0),
)
for (const m of early) take(m)
flushCompileCache()
