import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { Worker } from 'node:worker_threads'

/** Linux keeps one more than this waiting, and then lets every further SYN fall without a word. */
const backlog = 1

/**
 * A port at which nobody is taken in and nobody refused, as behind a switch that has died: who knocks hears nothing at
 * all. It is a listener whose queue we have filled and which never takes from it.
 */
export class DeafDoor implements AsyncDisposable {
  readonly #worker: Worker
  readonly #waiting: readonly Socket[]

  private constructor(worker: Worker, waiting: readonly Socket[]) {
    this.#worker = worker
    this.#waiting = waiting
  }

  /** The port must be free. */
  static async open(host: string, port: number): Promise<DeafDoor> {
    const worker = new Worker(new URL('./deaf-door-worker.ts', import.meta.url), {
      workerData: { host, port, backlog },
    })
    await once(worker, 'message')
    const waiting = Array.from({ length: backlog + 1 }, () => connect({ host, port }))
    // They are cut off when the listener goes.
    for (const socket of waiting) socket.on('error', () => socket.destroy())
    await Promise.all(waiting.map((socket) => once(socket, 'connect')))
    return new DeafDoor(worker, waiting)
  }

  async [Symbol.asyncDispose]() {
    await this.#worker.terminate()
    for (const socket of this.#waiting) socket.destroy()
  }
}
