/** Listens and never takes anybody in: its thread stands still as soon as the port is open. */
import { createServer } from 'node:net'
import { parentPort, workerData } from 'node:worker_threads'

const { host, port, backlog } = workerData as { host: string; port: number; backlog: number }
const door = createServer()
door.listen({ host, port, backlog }, () => {
  parentPort?.postMessage('listening')
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0)
})
