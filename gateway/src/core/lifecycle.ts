import type { Logger } from './log.ts'

export interface Lifecycle {
  /** What `stop` undoes, last in first out. */
  onStop(name: string, undo: () => Promise<void> | void): void
  /** Ends what was started; each step is waited for, a failing one does not keep the others from ending. */
  stop(): Promise<void>
  /** The loud end: for a failed commit or any uncaught error. The supervisor starts us again. */
  fail(error: unknown): void
}

/** Ends cleanly on SIGTERM and SIGINT within five seconds, loudly on anything uncaught. */
export function createLifecycle(log: Logger, exit: (code: number) => void): Lifecycle {
  const undos: { name: string; undo: () => Promise<void> | void }[] = []
  let stopping: Promise<void> | null = null
  async function unwind() {
    for (let step = undos.pop(); step; step = undos.pop()) {
      try {
        await step.undo()
      } catch (error) {
        log.error({ err: error, step: step.name }, 'could not stop cleanly')
      }
    }
  }
  return {
    onStop: (name, undo) => void undos.push({ name, undo }),
    stop() {
      stopping ??= unwind()
      return stopping
    },
    fail(error) {
      log.fatal({ err: error }, 'the gateway ends itself')
      exit(1)
    },
  }
}

/** Ties a lifecycle to this process. */
export function followSignals(life: Lifecycle, log: Logger): void {
  let asked = false
  const end = (signal: string) => {
    if (asked) return
    asked = true
    log.info({ signal }, 'stopping')
    setTimeout(() => process.exit(1), 5000).unref()
    life.stop().then(
      () => process.exit(0),
      () => process.exit(1),
    )
  }
  process.on('SIGTERM', () => end('SIGTERM'))
  process.on('SIGINT', () => end('SIGINT'))
  process.on('uncaughtException', (error) => life.fail(error))
  process.on('unhandledRejection', (error) => life.fail(error))
}
