/** One serial UHF module on a pty as a worker; with a port, its bytes go to whoever connects there too. */
import { systemClock } from '../../system-clock.ts'
import { Rng } from '../../world/rng.ts'
import { PtyPair } from '../air-line/pty-pair.ts'
import { Field } from '../llrp/field.ts'
import type { DeviceFault } from '../messages.ts'
import { listen, notForMe, specOf, tell, tellState } from '../port.ts'
import { PacedLine } from '../serial/paced-line.ts'
import { TcpListener } from '../tcp-listener.ts'
import { speeches } from './families.ts'
import { UhfModule } from './module.ts'

const spec = specOf('serial-uhf')
const speech = speeches[spec.family]
const rng = new Rng(spec.seed)
const field = new Field(systemClock, rng)
const cable = new PtyPair(spec.path, (bytes) => module.receive(bytes))
const listener = spec.port === undefined ? null : new TcpListener()
listener?.server.on('connection', (socket) => socket.on('data', (bytes) => module.receive(bytes)))
const line = new PacedLine(systemClock, speech.baud, (bytes) => {
  cable.write(bytes)
  listener?.broadcast(bytes)
})
const send = (bytes: Buffer) => line.send(bytes)
const module = new UhfModule({ speech, clock: systemClock, rng, field, send })

/** Unplugged, the module is without power too. */
function unplug(): void {
  module.cut()
  line.reset()
  cable.pull()
}

function fault(f: DeviceFault): void {
  if (f.kind === 'serial') module.addFault(f.serial)
  if (f.kind === 'garbage') module.noise(f.bytes)
  if (f.kind === 'mute') module.mute = true
  if (f.kind === 'reboot') {
    line.reset()
    module.reboot()
  }
  if (f.kind === 'unplug') unplug()
  if (f.kind !== 'heal') return
  module.heal()
  void cable.plug().then(report)
}

function report(): void {
  const { orders, reported, beeps, settings } = module
  const detail = { plugged: cable.plugged, orders, reported, beeps, tags: field.tagCount, settings }
  tellState({ busy: field.burstLeft > 0, detail })
}

listen(
  (message) => {
    if (message.type === 'field') field.place(message.tags)
    else if (message.type === 'burst') field.pass(message.burst)
    else if (message.type === 'fault') fault(message.fault)
    else notForMe(message)
    report()
  },
  async () => {
    unplug()
    await cable.end()
    await listener?.stop()
  },
)
await cable.plug()
const port = await listener?.start(spec.port ?? 0)
tell({ type: 'ready', path: spec.path, ...(port === undefined ? {} : { port }) })
