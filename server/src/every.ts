import type { Clock, Millis } from '@lantai/contracts'
import type { Logger } from './log.ts'

/** Runs `job` again and again, `delay` after it ended; a failure is logged and does not end it. Returns its end. */
export function every(
  parts: { clock: Clock; log: Logger },
  delay: Millis,
  job: () => Promise<unknown>,
): () => void {
  let ended = false
  let timer = parts.clock.after(delay, run)
  function run() {
    job()
      .catch((err: unknown) => parts.log.error({ err }, 'periodic job'))
      .finally(() => {
        if (!ended) timer = parts.clock.after(delay, run)
      })
  }
  return () => {
    ended = true
    timer.cancel()
  }
}
