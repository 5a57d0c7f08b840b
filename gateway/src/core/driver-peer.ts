import { fork } from 'node:child_process'
import type { DriverSetup, FromDriver, ToDriver } from './driver-protocol.ts'
import { workerUrl } from './worker-url.ts'

export interface DriverPeer {
  post(message: ToDriver): void
  kill(): void
}
export interface PeerEvents {
  message(message: FromDriver): void
  /** Once, with what is known of why. */
  ended(why: string): void
}

/**
 * A driver that leaks ends here, and is started again; the outbox and the interlock go on. What it makes is soon garbage:
 * collected when the heap is a fifth larger than what is in use, which saves 6 MB with four busy readers.
 */
const limitsOf = (heapMb: number) => [
  `--max-old-space-size=${heapMb}`,
  '--max-semi-space-size=1',
  '--v8-pool-size=1',
  '--optimize-for-size',
  '--heap-growing-percent=20',
]
const usualHeapMb = 64

/**
 * Starts a process for drivers. A process and not a thread: the serial port binding polls on the main
 * thread's loop, and a fault of native code in a thread takes the interlock and the outbox with it.
 */
export function startPeer(setup: DriverSetup, events: PeerEvents, file?: URL): DriverPeer {
  const { url, execArgv } = workerUrl(file ?? new URL('./driver-process.ts', import.meta.url))
  const limits = limitsOf(setup.heapMb ?? usualHeapMb)
  const child = fork(url, [], { execArgv: [...execArgv, ...limits], serialization: 'advanced' })
  let failure: string | null = null
  child.on('message', (m) => events.message(m as FromDriver))
  child.on('error', (error) => {
    failure = `driver failed: ${error.message}`
  })
  child.on('exit', (code, signal) => {
    events.ended(failure ?? `driver process ended with ${signal ?? code}`)
  })
  child.send(setup)
  return {
    post: (m) => void (child.connected && child.send(m)),
    kill: () => void child.kill('SIGKILL'),
  }
}
