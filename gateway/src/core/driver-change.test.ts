import { EventEmitter, once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { type DeviceEntry, VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import type { DriverEvent } from '../drivers/driver.ts'
import { planOf } from './config-plan.ts'
import { file, known } from './config-testing.ts'
import { Drivers } from './drivers.ts'
import { createLog } from './log.ts'

/** A device that accepts and says nothing; it only counts who comes. */
async function device() {
  const sockets: Socket[] = []
  const came = new EventEmitter()
  const server = createServer((socket) => {
    sockets.push(socket)
    socket.resume()
    socket.on('error', () => undefined)
    came.emit('socket')
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const close = async () => {
    for (const s of sockets) s.destroy()
    server.close()
    await once(server, 'close')
  }
  /** Resolves when somebody has connected for the nth time. */
  const connections = async (n: number) => {
    while (sockets.length < n) await once(came, 'socket')
  }
  return { port, sockets, connections, close }
}

const thermometer = (id: string, port: number, more: object = {}): DeviceEntry => ({
  ...{ id, label: id, driver: 'example', host: '127.0.0.1', port, everyMs: 60_000 },
  sensor: { id: `${id}-1`, label: id, room: 'R1', xMm: 0, yMm: 0 },
  limits: {
    temperature: { low: 14, high: 24, deadband: 0.5 },
    humidity: { low: 45, high: 60, deadband: 2 },
    ...{ onDelayMs: 0, offDelayMs: 0 },
  },
  ...more,
})

function drivers(list: DeviceEntry[]) {
  const heard: DriverEvent[] = []
  const lost: string[] = []
  const d = new Drivers(
    list,
    'one',
    { logLevel: 'silent', gateway: 'gw-01' },
    {
      clock: new VirtualClock(),
      log: createLog('silent' as never, 'gw-01'),
      event: (e) => void heard.push(e),
      lost: (ids) => void lost.push(...ids),
    },
  )
  const apply = (before: DeviceEntry[], after: DeviceEntry[]) =>
    d.apply(planOf(known(file(...before)), known(file(...after))))
  return { d, heard, lost, apply }
}

test('G6: a device is added, replaced and removed; the connection of another stays the same one', async () => {
  const [stays, changes] = [await device(), await device()]
  const first = [thermometer('stays', stays.port)]
  const { d, lost, apply } = drivers(first)
  d.start()
  await stays.connections(1)
  const more = [...first, thermometer('comes', changes.port)]
  apply(first, more)
  await changes.connections(1)
  const other = [...first, thermometer('comes', changes.port, { everyMs: 50_000 })]
  const ended = once(changes.sockets[0] as Socket, 'close')
  apply(more, other)
  await Promise.all([ended, changes.connections(2)])
  const gone = once(changes.sockets[1] as Socket, 'close')
  apply(other, first)
  await gone
  expect(d.has('comes')).toBe(false)
  expect(stays.sockets).toHaveLength(1)
  expect(stays.sockets[0]?.destroyed).toBe(false)
  expect([lost, d.restarts]).toEqual([[], 0])
  await d.stop()
  await Promise.all([stays.close(), changes.close()])
})

test('the first device of a gateway that had none starts a process, the last one ends it', async () => {
  const only = await device()
  const { d, apply } = drivers([])
  d.start()
  const list = [thermometer('only', only.port)]
  apply([], list)
  await only.connections(1)
  const gone = once(only.sockets[0] as Socket, 'close')
  apply(list, [thermometer('only', only.port, { disabled: true })])
  await gone
  expect(await d.identify('only')).toBe('link-lost')
  await d.stop()
  await only.close()
})

test('识别 is answered by the driver; one that cannot show itself says so', async () => {
  const there = await device()
  const { d } = drivers([thermometer('t', there.port)])
  d.start()
  await there.connections(1)
  expect(await d.identify('t')).toBe('unsupported')
  await d.stop()
  await there.close()
})
