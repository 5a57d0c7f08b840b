/** Solves one walk in a thread of its own: what decides about motion never waits for it. */
import { parentPort, workerData } from 'node:worker_threads'
import type { FrozenScene } from '@lantai/contracts'
import type { Gathered } from './recorder.ts'
import { solveWalk } from './solve.ts'

const { scene, gathered } = workerData as { scene: FrozenScene; gathered: Gathered }
parentPort?.postMessage(solveWalk(scene, gathered))
