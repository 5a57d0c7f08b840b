/** One Modbus sensor, detector or module as a worker: on a paced pty or on a port, with the same registers. */
import { randomBytes } from 'node:crypto'
import { systemClock } from '../../system-clock.ts'
import { Rng } from '../../world/rng.ts'
import { Bus } from '../air-line/bus.ts'
import { PtyPair } from '../air-line/pty-pair.ts'
import type { DeviceFault } from '../messages.ts'
import { rtuUnit } from '../modbus/rtu-unit.ts'
import { serveModbusTcp } from '../modbus/tcp-slave.ts'
import { listen, notForMe, specOf, tell, tellState } from '../port.ts'
import { TcpListener } from '../tcp-listener.ts'
import { isAir, loopsOf, slaveOf, type UnitTruth } from './models.ts'

const { model, unit, wire, seed } = specOf('modbus-unit')
const truth: UnitTruth = {
  closed: Array.from({ length: loopsOf[model] }, () => true),
  temperature: 20,
  humidity: 50,
}
const counts = { resets: 0 }
const slave = slaveOf(model, unit, truth, counts)

interface Outlet {
  fault(f: DeviceFault): void
  start(): Promise<{ port?: number; path?: string }>
  stop(): Promise<void> | void
}

function serial({ path, baud }: { path: string; baud: number }): Outlet {
  const line = new PtyPair(path, (bytes) => bus.receive(bytes))
  const bus = new Bus({
    baud,
    clock: systemClock,
    rng: new Rng(seed),
    units: [rtuUnit(unit, slave)],
    write: (bytes) => line.write(bytes),
  })
  return {
    fault(f) {
      if (f.kind === 'serial') bus.addFault(f.serial)
      else if (f.kind === 'garbage') bus.noise(f.bytes)
      else if (f.kind === 'mute') bus.addFault({ fault: 'drop' })
      else if (f.kind === 'unplug') line.pull()
      else if (f.kind === 'heal') {
        bus.heal()
        void line.plug()
      }
    },
    async start() {
      await line.plug()
      return { path }
    },
    stop: () => line.end(),
  }
}

function network({ port }: { port: number }): Outlet {
  const listener = new TcpListener()
  serveModbusTcp(listener.server, unit, slave)
  return {
    fault(f) {
      if (f.kind === 'garbage') listener.broadcast(randomBytes(f.bytes))
    },
    start: async () => ({ port: await listener.start(port) }),
    stop: () => listener.stop(),
  }
}

const outlet = 'path' in wire ? serial(wire) : network(wire)
listen(
  (message) => {
    if (message.type === 'air' && isAir(model)) Object.assign(truth, message.air[unit])
    else if (message.type === 'contacts' && !isAir(model))
      truth.closed = truth.closed.map((_, i) => message.closed[i] ?? true)
    else if (message.type === 'fault') outlet.fault(message.fault)
    else notForMe(message)
    tellState({ busy: false, detail: { ...truth, ...counts } })
  },
  () => outlet.stop(),
)
tell({ type: 'ready', ...(await outlet.start()) })
