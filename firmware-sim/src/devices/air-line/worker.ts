/** The RS-485 line with its transmitters as a worker; with a port, the same transmitters behind Modbus TCP. */
import { randomBytes } from 'node:crypto'
import { systemClock } from '../../system-clock.ts'
import { Rng } from '../../world/rng.ts'
import type { DeviceFault } from '../messages.ts'
import { serveUnits } from '../modbus/tcp-units.ts'
import { listen, notForMe, specOf, tell, tellState } from '../port.ts'
import { TcpListener } from '../tcp-listener.ts'
import { Bus } from './bus.ts'
import { PtyPair } from './pty-pair.ts'
import { airUnit, type Transmitter } from './rtu.ts'

const spec = specOf('air-line')
const units: Transmitter[] = spec.units.map((unit) => ({
  unit,
  temperature: 20,
  humidity: 50,
  temperatureOffset: 0,
  humidityOffset: 0,
}))
const line = new PtyPair(spec.path, (bytes) => bus.receive(bytes))
const bus = new Bus({
  baud: spec.baud,
  clock: systemClock,
  rng: new Rng(spec.seed),
  units: units.map(airUnit),
  write: (bytes) => line.write(bytes),
})
const listener = spec.port === undefined ? null : new TcpListener()
if (listener) serveUnits(listener.server, units.map(airUnit))

function heal(): void {
  bus.heal()
  // A pulled cable is put back; the state that follows a message says when.
  if (!listener) void line.plug()
}

function fault(f: DeviceFault): void {
  if (listener && f.kind === 'garbage') listener.broadcast(randomBytes(f.bytes))
  else if (f.kind === 'serial') bus.addFault(f.serial)
  else if (f.kind === 'garbage') bus.noise(f.bytes)
  else if (f.kind === 'unplug') line.pull()
  else if (f.kind === 'heal') heal()
}

listen(
  (message) => {
    if (message.type === 'air') {
      for (const u of units) Object.assign(u, message.air[u.unit])
    } else if (message.type === 'fault') fault(message.fault)
    else notForMe(message)
    const { frames, badFrames, replies } = bus
    tellState({ busy: false, detail: { plugged: line.plugged, frames, badFrames, replies, units } })
  },
  () => listener?.stop() ?? line.end(),
)
if (listener) tell({ type: 'ready', port: await listener.start(spec.port ?? 0) })
else {
  await line.plug()
  tell({ type: 'ready', path: spec.path })
}
