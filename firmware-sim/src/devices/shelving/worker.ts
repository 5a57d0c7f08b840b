/** One shelving controller as a worker: Modbus TCP on one side, steel that moves with time on the other. */
import { randomBytes } from 'node:crypto'
import { systemClock } from '../../system-clock.ts'
import { serveModbusTcp } from '../modbus/tcp-slave.ts'
import { listen, notForMe, specOf, tell } from '../port.ts'
import { TcpListener } from '../tcp-listener.ts'
import { MovingBank } from './moving-bank.ts'
import { BankRegisters } from './registers.ts'

const spec = specOf('shelving')
let started = systemClock.mono()
const listener = new TcpListener()
const steel = new MovingBank(spec, () => ({ clients: listener.sockets.size }))
const registers = new BankRegisters(steel.bank, () => (systemClock.mono() - started) / 1000)

serveModbusTcp(listener.server, 1, {
  readHolding: (address, count) => registers.read(address, count),
  write: (address, values) => {
    const refused = registers.write(address, values)
    steel.changed()
    return refused
  },
})
listen(
  (message) => {
    if (message.type === 'bank') steel.bank.event(message.event)
    else if (message.type !== 'fault') notForMe(message)
    else if (message.fault.kind === 'garbage') listener.broadcast(randomBytes(message.fault.bytes))
    else if (message.fault.kind === 'reboot') {
      started = systemClock.mono()
      steel.bank.reboot()
      for (const socket of listener.sockets) socket.destroy()
    }
    steel.changed()
  },
  () => listener.stop(),
)
tell({ type: 'ready', port: await listener.start(spec.port) })
steel.report()
