import { once } from 'node:events'
import { type AddressInfo, createServer } from 'node:net'
import { OPCUAClient } from 'node-opcua-client'
import { expect, test } from 'vitest'
import { applicationIn } from './application.ts'
import { TestPlace } from './testing.ts'

/** Acknowledge (OPC 10000-6, 7.1.2.4): header, protocol version, then the sizes that the peer says it has. */
function acknowledge(bufferBytes: number): Buffer {
  const message = Buffer.alloc(28)
  message.write('ACKF', 'latin1')
  message.writeUInt32LE(message.length, 4)
  message.writeUInt32LE(bufferBytes, 12)
  message.writeUInt32LE(bufferBytes, 16)
  return message
}

/** Connects to a server that answers the first bytes it hears with these; gives what the client was told. */
async function meets(answer: Buffer): Promise<string> {
  using place = new TestPlace()
  await applicationIn(place.dataDir)
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => socket.write(answer))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const ended = new Promise((resolve) =>
    server.once('connection', (socket) => socket.once('close', resolve)),
  )
  const client = OPCUAClient.create({
    endpointMustExist: false,
    connectionStrategy: { maxRetry: 0 },
    transportTimeout: 1000,
  })
  const { port } = server.address() as AddressInfo
  const told = client.connect(`opc.tcp://127.0.0.1:${port}`).then(
    () => 'connected',
    () => 'refused',
  )
  await ended
  await client.disconnect()
  server.close()
  return await Promise.race([told, Promise.resolve('left waiting')])
}

test('a server that says its buffer is smaller than a header ends the connection, not the process', async () => {
  expect(await meets(acknowledge(4))).not.toBe('connected')
})

test('what is no message behind the Acknowledge in one segment ends the connection, not the process', async () => {
  const garbage = Buffer.alloc(64, 0x74)
  expect(await meets(Buffer.concat([acknowledge(8192), garbage]))).not.toBe('connected')
})
