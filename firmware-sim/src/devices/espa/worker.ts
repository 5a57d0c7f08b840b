/** The fire panel as a worker, on a pty or behind a terminal server. */
import { systemClock } from '../../system-clock.ts'
import { Rng } from '../../world/rng.ts'
import { PtyPair } from '../air-line/pty-pair.ts'
import type { DeviceFault } from '../messages.ts'
import { listen, notForMe, specOf, tell, tellState } from '../port.ts'
import { PacedLine } from '../serial/paced-line.ts'
import { TcpListener } from '../tcp-listener.ts'
import { Panel } from './panel.ts'

const baud = 9600
const spec = specOf('espa')
const server = new TcpListener()
const cable = new PtyPair(spec.path, (bytes) => panel.receive(bytes))
const write = (bytes: Buffer) => (spec.port === null ? cable.write(bytes) : server.broadcast(bytes))
const line = new PacedLine(systemClock, baud, write)
const panel = new Panel({
  clock: systemClock,
  rng: new Rng(spec.seed),
  send: (bytes) => line.send(bytes),
})
server.server.on('connection', (socket) => socket.on('data', (bytes) => panel.receive(bytes)))

function fault(f: DeviceFault): void {
  if (f.kind === 'serial') panel.addFault(f.serial)
  if (f.kind === 'garbage') panel.noise(f.bytes)
  if (f.kind === 'mute') panel.mute = true
  if (f.kind === 'reboot') {
    line.reset()
    panel.reboot()
  }
  if (f.kind === 'unplug') cable.pull()
  if (f.kind !== 'heal') return
  panel.heal()
  if (spec.port === null) void cable.plug().then(report)
}

function report(): void {
  const { polls, taken, refused, waiting } = panel
  tellState({
    busy: waiting > 0,
    detail: { plugged: cable.plugged, polls, taken, refused, waiting },
  })
}

listen(
  (message) => {
    if (message.type === 'contacts') panel.loops(message.closed)
    else if (message.type === 'fault') fault(message.fault)
    else notForMe(message)
    report()
  },
  async () => {
    panel.stop()
    await cable.end()
    if (spec.port !== null) await server.stop()
  },
)
panel.start()
if (spec.port === null) {
  await cable.plug()
  tell({ type: 'ready', path: spec.path })
} else tell({ type: 'ready', port: await server.start(spec.port) })
