import { flushCompileCache } from 'node:module'
import { parentPort, workerData } from 'node:worker_threads'
import type { ClockQuality } from '@lantai/contracts'
import { append, type Call } from './append.ts'
import { openStore } from './open.ts'
import type { Answer, Ask, FromWorker, WorkerSetup } from './protocol.ts'
import { acknowledge } from './release.ts'

/** A commit takes at most so many records (D3): a ceiling, never a wait. */
const groupRecords = 200

const port = parentPort
if (!port) throw new Error('the outbox runs in a worker')
const { dir, limits, boot, origin } = workerData as WorkerSetup
let clock: ClockQuality = 'unsynced'
const store = openStore(dir, limits, () => ({
  nowMs: Date.now(),
  boot,
  monoUs: Math.round((performance.timeOrigin - origin + performance.now()) * 1000),
  clock,
}))

const say = (message: FromWorker) => port.postMessage(message)
let queue: Ask[] = []
let scheduled = false

port.on('message', (asks: Ask[]) => {
  for (const ask of asks) queue.push(ask)
  // Everything that came while the last commit ran is in the queue by now: the next commit takes it all.
  if (scheduled) return
  scheduled = true
  setImmediate(work)
})

function work() {
  scheduled = false
  const asks = queue
  queue = []
  let group: Extract<Ask, { op: 'append' }>[] = []
  let size = 0
  const flush = () => {
    if (group.length === 0) return
    const calls: Call[] = group
    const stored = append(store, calls)
    const status = store.status()
    const answers = group.map(
      (ask, i): Answer => ({
        id: ask.id,
        op: 'append',
        value: stored[i] ?? { stored: false, reason: 'full' },
        status,
      }),
    )
    say({ kind: 'answers', answers })
    group = []
    size = 0
  }
  for (const ask of asks) {
    if (ask.op === 'append') {
      if (size > 0 && size + ask.records.length > groupRecords) flush()
      clock = ask.clock
      group.push(ask)
      size += ask.records.length
    } else {
      flush()
      answer(ask)
    }
  }
  flush()
}

function answer(ask: Exclude<Ask, { op: 'append' }>) {
  switch (ask.op) {
    case 'read': {
      const value = store.read(ask.lane, BigInt(ask.after), ask.items, ask.bytes)
      return say({
        kind: 'answers',
        answers: [{ id: ask.id, op: 'read', value, status: store.status() }],
      })
    }
    case 'ack': {
      const value = acknowledge(store, ask.epoch, ask.cursors)
      return say({
        kind: 'answers',
        answers: [{ id: ask.id, op: 'ack', value, status: store.status() }],
      })
    }
    case 'close':
      store.close()
      say({ kind: 'answers', answers: [{ id: ask.id, op: 'close' }] })
      return port?.close()
  }
}

say({ kind: 'open', status: store.status(), state: store.state() })
flushCompileCache()
