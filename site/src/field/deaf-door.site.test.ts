import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { type AddressInfo, connect, createServer } from 'node:net'
import { expect, test } from 'vitest'
import { until } from '../testing.ts'
import { DeafDoor } from './deaf-door.ts'

const host = '127.0.0.1'
/** States of the sockets that ask this port of ours, as Linux numbers them; 02 has sent its SYN and heard nothing. */
function states(port: number): string[] {
  const remote = port.toString(16).toUpperCase().padStart(4, '0')
  const rows = readFileSync('/proc/net/tcp', 'utf8').split('\n').slice(1)
  return rows
    .map((row) => row.trim().split(/\s+/))
    .filter(([, , to]) => to?.endsWith(`:${remote}`))
    .map(([, , , state]) => state ?? '')
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test('who knocks at a deaf door is neither taken in nor refused, and comes in by itself when somebody listens', async () => {
  const port = await freePort()
  const door = await DeafDoor.open(host, port)
  const caller = connect({ host, port })
  const connected = once(caller, 'connect')
  await until(() => states(port).includes('02'))
  await door[Symbol.asyncDispose]()
  const server = createServer().listen(port, host)
  const [[served]] = await Promise.all([once(server, 'connection'), connected])
  expect(served.remotePort).toBe(caller.localPort)
  caller.destroy()
  server.close()
})
