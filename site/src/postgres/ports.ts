import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below the range from which Linux takes ports for outgoing connections, so that a restart finds its port free. */
const lowest = 20_000
const highest = 32_000

/** True when nobody listens on that port of the loopback. */
export function isFree(port: number, host = '127.0.0.1'): Promise<boolean> {
  return new Promise((resolve) => {
    const probe = createServer()
    probe.once('error', () => resolve(false))
    probe.listen({ port, host, exclusive: true }, () => probe.close(() => resolve(true)))
  })
}

/** A port of our own choosing that is free now and stays ours over restarts of the process that uses it. */
export async function choosePort(taken: ReadonlySet<number> = new Set()): Promise<number> {
  for (;;) {
    const port = randomInt(lowest, highest)
    if (!taken.has(port) && (await isFree(port))) return port
  }
}
