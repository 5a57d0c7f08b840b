/** One shelving controller as a worker: Modbus TCP on one side, steel that moves with time on the other. */
import { randomBytes } from 'node:crypto'
import { ms, systemClock } from '../../system-clock.ts'
import { serveModbusTcp } from '../modbus/tcp-slave.ts'
import { listen, notForMe, specOf, tell, tellState } from '../port.ts'
import { TcpListener } from '../tcp-listener.ts'
import { BankController } from './controller.ts'
import { BankRegisters } from './registers.ts'

const tickMs = 50
const spec = specOf('shelving')
const started = systemClock.mono()
const bank = new BankController(spec, spec.saved)
const registers = new BankRegisters(bank, () => (systemClock.mono() - started) / 1000)
const listener = new TcpListener()

let ticking = false
function tick(last: number): void {
  const now = systemClock.mono()
  // A machine that slept must not throw the carriages forward.
  bank.advance(Math.min(now - last, 500))
  report()
  ticking = bank.status().moving
  if (ticking) systemClock.after(ms(tickMs), () => tick(now))
}
function changed(): void {
  report()
  if (!ticking && bank.status().moving) {
    ticking = true
    const now = systemClock.mono()
    systemClock.after(ms(tickMs), () => tick(now))
  }
}
function report(): void {
  const s = bank.status()
  tellState({
    busy: s.moving,
    bank: bank.saved,
    detail: {
      ...s,
      x: s.x.map(Math.round),
      verbsAccepted: bank.verbsAccepted,
      lastAnswer: bank.lastAnswer,
      clients: listener.sockets.size,
    },
  })
}

serveModbusTcp(listener.server, 1, {
  readHolding: (address, count) => registers.read(address, count),
  write: (address, values) => {
    const refused = registers.write(address, values)
    changed()
    return refused
  },
})
listen(
  (message) => {
    if (message.type === 'bank') bank.event(message.event)
    else if (message.type === 'fault' && message.fault.kind === 'garbage')
      listener.broadcast(randomBytes(message.fault.bytes))
    else if (message.type !== 'fault') notForMe(message)
    changed()
  },
  () => listener.stop(),
)
tell({ type: 'ready', port: await listener.start(spec.port) })
report()
