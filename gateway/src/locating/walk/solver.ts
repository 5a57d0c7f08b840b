import { Worker } from 'node:worker_threads'
import type { FrozenScene } from '@lantai/contracts'
import { workerUrl } from '../../core/worker-url.ts'
import type { Gathered } from './recorder.ts'
import type { Solved } from './solve.ts'

/** A face takes some MB; the longest walk that is kept takes some hundred. */
const resourceLimits = { maxOldGenerationSizeMb: 400, maxYoungGenerationSizeMb: 16 }

/** Rejects when the thread dies. It lives only while it solves. */
export function solveApart(scene: FrozenScene, gathered: Gathered): Promise<Solved> {
  const { url, execArgv } = workerUrl(new URL('./solver-thread.ts', import.meta.url))
  const { reads } = gathered
  const columns = [reads.at, reads.tag, reads.antenna, reads.mhz, reads.phase, reads.rssi]
  const worker = new Worker(url, {
    workerData: { scene, gathered },
    transferList: columns.map((c) => c.buffer as ArrayBuffer),
    execArgv,
    name: 'locator',
    resourceLimits,
  })
  return new Promise((resolve, reject) => {
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`the locator ended with ${code}`)))
  })
}
