import { fork } from 'node:child_process'
import { type DeviceEntry, type DeviceFile, millis, type TestReport } from '@lantai/contracts'
import type { DriverKind, KnownDevice } from '../drivers/driver.ts'
import { checkDevices } from './device-file.ts'
import type { QualifiedClock } from './system-clock.ts'
import { workerUrl } from './worker-url.ts'

export interface TrialSetup {
  entry: DeviceEntry
  forMs: number
  logLevel: string
  gateway: string
  dataDir: string
}

/** What it takes to end a driver and to answer, beyond the time of the trial. */
const slackMs = 8000

/**
 * Reasons against trying an entry: it is wrong in itself, or it needs something that a running device uses. A second
 * client would disturb that device, so it is refused, also where it is the same device: disable it first.
 */
export function trialRefusal(
  entry: DeviceEntry,
  running: readonly KnownDevice[],
  kind: DriverKind | undefined,
): string[] {
  const alone: DeviceFile = { version: 1, devices: [{ ...entry, disabled: false }] }
  const checked = checkDevices(alone)
  if (!checked.ok) return checked.wrong
  const mine = new Set(kind?.claims(entry).map((c) => c.key))
  return running
    .filter((d) => !d.entry.disabled)
    .flatMap((d) =>
      d.kind
        .claims(d.entry)
        .filter((c) => mine.has(c.key))
        .map((c) => `${c.key} is in use by ${d.entry.id}, which runs: disable it first`),
    )
}

/** Runs a trial in a process of its own, which ends with it whatever the driver does. */
export function runTrial(
  setup: TrialSetup,
  clock: QualifiedClock,
): Promise<{ report: TestReport } | { reason: string }> {
  const { url, execArgv } = workerUrl(new URL('./trial-process.ts', import.meta.url))
  const child = fork(url, [], {
    execArgv: [...execArgv, '--max-old-space-size=96'],
    serialization: 'advanced',
  })
  return new Promise((resolve) => {
    let report: TestReport | null = null
    const force = clock.after(millis(setup.forMs + slackMs), () => void child.kill('SIGKILL'))
    child.on('message', (m) => {
      report = m as TestReport
    })
    child.on('error', (error) => resolve({ reason: `the trial failed: ${error.message}` }))
    child.on('exit', (code, signal) => {
      force.cancel()
      resolve(report ? { report } : { reason: `the trial ended with ${signal ?? code}, no report` })
    })
    child.send(setup)
  })
}
