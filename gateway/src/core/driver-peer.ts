import { fork } from 'node:child_process'
import { Worker } from 'node:worker_threads'
import type { DriverSetup, FromDriver, ToDriver } from './driver-protocol.ts'
import { workerUrl } from './worker-url.ts'

/** Where drivers run: a thread of their own, or a process of their own. */
export interface DriverPeer {
  post(message: ToDriver): void
  kill(): void
}
export interface PeerEvents {
  message(message: FromDriver): void
  /** Once, with what is known of why. */
  ended(why: string): void
}

const memoryMb = 48

/**
 * Starts the drivers of one protocol with a memory cap. The serial port binding is not made for threads (it
 * polls on the loop of the main thread and takes the whole process down), so serial lines get a process.
 */
export function startPeer(setup: DriverSetup, events: PeerEvents, worker?: URL): DriverPeer {
  const serial = setup.devices.some((d) => 'line' in d && d.line.transport === 'rtu')
  return serial ? inProcess(setup, events) : inWorker(setup, events, worker)
}

function inWorker(setup: DriverSetup, events: PeerEvents, file?: URL): DriverPeer {
  const { url, execArgv } = workerUrl(file ?? new URL('./driver-worker.ts', import.meta.url))
  const worker = new Worker(url, {
    workerData: setup,
    execArgv,
    name: setup.driver,
    resourceLimits: {
      maxOldGenerationSizeMb: memoryMb,
      maxYoungGenerationSizeMb: 4,
      stackSizeMb: 2,
    },
  })
  let why = 'driver ended'
  worker.on('message', events.message)
  worker.on('error', (error: Error) => {
    why = `driver failed: ${error.message}`
  })
  worker.on('exit', () => events.ended(why))
  return { post: (m) => worker.postMessage(m), kill: () => void worker.terminate() }
}

function inProcess(setup: DriverSetup, events: PeerEvents): DriverPeer {
  const { url, execArgv } = workerUrl(new URL('./driver-process.ts', import.meta.url))
  const limits = [`--max-old-space-size=${memoryMb}`, '--max-semi-space-size=1']
  const child = fork(url, [], { execArgv: [...execArgv, ...limits], serialization: 'advanced' })
  let why: string | null = null
  child.on('message', (m) => events.message(m as FromDriver))
  child.on('error', (error) => {
    why = `driver failed: ${error.message}`
  })
  child.on('exit', (code, signal) => events.ended(why ?? `driver ended with ${signal ?? code}`))
  child.send(setup)
  return {
    post: (m) => void (child.connected && child.send(m)),
    kill: () => void child.kill('SIGKILL'),
  }
}
