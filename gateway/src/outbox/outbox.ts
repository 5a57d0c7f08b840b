import { Worker } from 'node:worker_threads'
import type { ClockQuality, Lane } from '@lantai/contracts'
import { workerUrl } from '../core/worker-url.ts'
import type { Answer, Ask, FromWorker, WorkerSetup } from './protocol.ts'
import type { AckOutcome, Cursors, NewRecord, OutboxStatus, Page, Put, Stored } from './types.ts'

export interface Outbox {
  /** Resolves after COMMIT and fsync, never before (D1). */
  append(records: NewRecord[], puts?: Put[]): Promise<Stored>
  read(lane: Lane, after: string, items: number, bytes: number): Promise<Page>
  ack(epoch: string, cursors: Cursors): Promise<AckOutcome>
  /** As of the last answer of the store. */
  status(): OutboxStatus
  /** True while an append has not been answered. */
  busy(): boolean
  /** The key-value state as it is on disk, as of the last answer of the store. */
  readonly restored: Record<string, string>
  /** Calls `listener` after every change. */
  onChange(listener: () => void): void
  close(): Promise<void>
}

type Unsent<T> = T extends unknown ? Omit<T, 'id'> : never

/**
 * Starts the worker that owns the store. Its death is the process's death: `onFatal` must end it at once,
 * because no answer given after a failed commit could be trusted (reliability 2.3).
 */
export async function startOutbox(
  setup: WorkerSetup,
  quality: () => ClockQuality,
  onFatal: (error: unknown) => void,
): Promise<Outbox> {
  const { url, execArgv } = workerUrl(new URL('./worker.ts', import.meta.url))
  const worker = new Worker(url, {
    workerData: setup,
    execArgv,
    name: 'outbox',
    resourceLimits: { maxOldGenerationSizeMb: 64, maxYoungGenerationSizeMb: 4 },
  })
  const waiting = new Map<number, (answer: Answer) => void>()
  const listeners: (() => void)[] = []
  let nextId = 1
  let appends = 0
  let closing = false
  const opened = await firstWord(worker)
  let status = opened.status
  worker.on('error', onFatal)
  worker.on('exit', () => closing || onFatal(new Error('the outbox worker ended')))
  worker.on('message', (message: FromWorker) => {
    if (message.kind !== 'answers') return
    for (const a of message.answers) {
      if (a.op !== 'close') status = a.status
      waiting.get(a.id)?.(a)
      waiting.delete(a.id)
    }
    for (const l of listeners) l()
  })
  let asks: Ask[] = []
  const post = () => {
    worker.postMessage(asks)
    asks = []
  }
  const ask = (question: Unsent<Ask>) =>
    new Promise<Answer>((resolve) => {
      const id = nextId++
      waiting.set(id, resolve)
      // What is asked in one turn crosses in one message: a message a record costs more than the record.
      if (asks.length === 0) queueMicrotask(post)
      asks.push({ ...question, id })
    })
  return {
    restored: opened.state,
    status: () => status,
    busy: () => appends > 0,
    onChange: (listener) => void listeners.push(listener),
    async append(records, puts = []) {
      appends++
      const a = await ask({ op: 'append', records, puts, clock: quality() }).finally(
        () => appends--,
      )
      const { value } = a as Extract<Answer, { op: 'append' }>
      if (value.stored) for (const p of puts) keep(opened.state, p)
      return value
    },
    async read(lane, after, items, bytes) {
      const a = await ask({ op: 'read', lane, after, items, bytes })
      return (a as Extract<Answer, { op: 'read' }>).value
    },
    async ack(epoch, cursors) {
      const a = await ask({ op: 'ack', epoch, cursors })
      return (a as Extract<Answer, { op: 'ack' }>).value
    },
    async close() {
      closing = true
      await ask({ op: 'close' })
    },
  }
}

function keep(state: Record<string, string>, { key, value }: Put) {
  if (value === null) delete state[key]
  else state[key] = value
}

function firstWord(worker: Worker): Promise<Extract<FromWorker, { kind: 'open' }>> {
  return new Promise((resolve, reject) => {
    worker.once('error', reject)
    worker.once('message', (message: FromWorker) => {
      worker.off('error', reject)
      if (message.kind === 'open') resolve(message)
      else reject(new Error('the outbox spoke before it was open'))
    })
  })
}
