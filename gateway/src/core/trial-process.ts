import { millis } from '@lantai/contracts'
import { systemIo } from '../drivers/link/system-io.ts'
import { driverKinds } from '../drivers/registry.ts'
import { createLog } from './log.ts'
import { createSystemClock } from './system-clock.ts'
import { tryDevice } from './trial.ts'
import type { TrialSetup } from './trial-host.ts'

process.on('disconnect', () => process.exit(0))
process.on('SIGINT', () => undefined)
process.on('SIGTERM', () => undefined)
const setup = await new Promise<TrialSetup>((resolve) => process.once('message', resolve))
const kind = driverKinds.get(setup.entry.driver)
if (!kind) throw new Error(`no driver ${setup.entry.driver}`)
const log = createLog(setup.logLevel, setup.gateway).child({ part: 'trial' })
const clock = createSystemClock()
const { entry, dataDir } = setup
const report = await tryDevice(entry, millis(setup.forMs), {
  clock,
  log,
  io: systemIo,
  kind,
  dataDir,
})
process.send?.(report, () => process.exit(0))
