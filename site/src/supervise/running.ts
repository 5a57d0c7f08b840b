import type { Clock, Millis } from '@lantai/contracts'

/** How a process ended: `code 0`, `signal SIGKILL`. */
export interface Ending {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** The last lines it printed, for the person who has to find out why. */
  readonly tail: string
}

/** One life of one process. `T` is what it says of itself when it is ready. */
export interface Running<T> {
  readonly pid: number
  /** Settles when the process can be used; rejects when it ended before. */
  readonly ready: Promise<T>
  readonly ended: Promise<Ending>
  /** Asks for a clean end. */
  stop(): void
  /** Ends it now, as a crash would. */
  kill(): void
}

/** A process that can be started again and again. */
export interface Unit<T> {
  readonly name: string
  /** May prepare (recover, wait for a port) before it spawns; throws a `Refusal` when it never can. */
  launch(): Promise<Running<T>>
  /** How long a clean end may take before it is killed. */
  readonly stopWithin: Millis
}

export const describeEnding = (e: Ending): string =>
  e.signal ? `signal ${e.signal}` : `exit code ${e.code ?? 'unknown'}`

/** A pause that `signal` cuts short. */
export function pause(clock: Clock, delay: Millis, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const done = () => {
      timer.cancel()
      signal.removeEventListener('abort', done)
      resolve()
    }
    const timer = clock.after(delay, done)
    signal.addEventListener('abort', done)
  })
}
