import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/**
 * The floor of an alarm's way: one small TCP message through as many processes as the product has between contact and
 * browser, one after the other, plus two fsyncs (outbox and PostgreSQL). The frame is added by whoever has a browser.
 */
export async function floor(hops: number, dir = tmpdir()) {
  let arrived: (() => void) | undefined
  const end = createServer({ noDelay: true }, (s) => s.on('data', () => arrived?.()))
  end.listen(0, '127.0.0.1')
  await once(end, 'listening')
  let port = (end.address() as AddressInfo).port
  const relays: ChildProcess[] = []
  for (let i = 0; i < hops; i++) {
    const relay = fork(fileURLToPath(new URL('./relay.ts', import.meta.url)), [String(port)])
    const [message] = (await once(relay, 'message')) as [{ port: number }]
    port = message.port
    relays.push(relay)
  }
  const start = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(start, 'connect')
  const folder = mkdtempSync(join(dir, 'lantai-floor-'))
  const file = openSync(join(folder, 'sync'), 'w')
  const block = Buffer.alloc(512)
  return {
    /** Milliseconds of one message through the chain and of two durable writes. */
    async sample(): Promise<number> {
      const began = performance.now()
      const done = new Promise<void>((go) => {
        arrived = go
      })
      start.write(block.subarray(0, 200))
      await done
      for (let i = 0; i < 2; i++) {
        writeSync(file, block)
        fdatasyncSync(file)
      }
      return performance.now() - began
    },
    async [Symbol.asyncDispose]() {
      start.destroy()
      for (const r of relays) r.disconnect()
      end.close()
      closeSync(file)
      rmSync(folder, { recursive: true })
    },
  }
}
