/** The Sparkplug publisher over TLS with certificates on both sides. */
import { once } from 'node:events'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createServer, type TLSSocket } from 'node:tls'
import { openSparkplug } from '@lantai/gateway'
import { Aedes } from 'aedes'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { createAuthority, issue } from '../pki/authority.ts'
import { systemClock } from '../system-clock.ts'

/** A broker that knows only clients of this authority, and keeps the topics that it was given. */
async function secureBroker(ca: string, cert: string, key: string) {
  const aedes = await Aedes.createBroker()
  const topics: string[] = []
  let wake: () => void = () => undefined
  aedes.on('publish', ({ topic }) => {
    if (!topic.startsWith('spBv1.0/')) return
    topics.push(topic)
    wake()
  })
  const sockets = new Set<TLSSocket>()
  const refused: string[] = []
  const server = createServer({ ca, cert, key, requestCert: true, rejectUnauthorized: true })
  server.on('tlsClientError', (error) => {
    refused.push(error.message)
    wake()
  })
  server.on('secureConnection', (socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    aedes.handle(socket)
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    port: (server.address() as AddressInfo).port,
    topics,
    refused,
    async until(done: () => boolean) {
      while (!done())
        await new Promise<void>((resolve) => {
          wake = resolve
        })
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy()
      await new Promise<void>((resolve) => aedes.close(() => resolve()))
      server.close()
    },
  }
}

test('it is born at the broker that it trusts, and at no other', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'lantai-sparkplug-'))
  const file = (name: string, text: string) => {
    const path = join(folder, name)
    writeFileSync(path, text)
    return path
  }
  const now = Date.now()
  const ca = await createAuthority(now)
  const stranger = await createAuthority(now)
  const server = await issue(ca, 'localhost', 'server', now)
  const client = await issue(ca, 'gw-01', 'client', now)
  await using broker = await secureBroker(ca.cert, server.cert, server.key)
  const publisher = (trusted: string) =>
    openSparkplug({
      settings: {
        url: `mqtts://localhost:${broker.port}`,
        group: 'archive',
        edgeNode: 'gw-01',
        ca: trusted,
        cert: file('client.pem', client.cert),
        key: file('client.key', client.key),
      },
      clock: systemClock,
      log: pino({ level: 'silent' }),
      devices: () => [],
      health: () => [],
    })
  const wrong = await publisher(file('stranger.pem', stranger.cert))
  await broker.until(() => broker.refused.length > 0)
  await wrong.stop()
  expect(broker.topics).toEqual([])

  const right = await publisher(file('ca.pem', ca.cert))
  await broker.until(() => broker.topics.length > 0)
  await right.stop()
  expect(broker.topics).toEqual(['spBv1.0/archive/NBIRTH/gw-01', 'spBv1.0/archive/NDEATH/gw-01'])
  rmSync(folder, { recursive: true, force: true })
})
