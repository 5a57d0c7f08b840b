/** An IMS controller as a worker: one short connection a command, no status; steel that moves with time. */
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { listen, notForMe, specOf, tell } from '../port.ts'
import { MovingBank } from '../shelving/moving-bank.ts'
import { TcpListener } from '../tcp-listener.ts'
import { orderOf } from './wire.ts'

const longest = 64
const spec = specOf('shelving-ims')
const listener = new TcpListener()
const heard: string[] = []
const steel = new MovingBank(spec, () => ({ heard: heard.slice(-20) }))
let fault: 'none' | 'mute' | 'half' | 'garbage' = 'none'
let garbageBytes = 0

listener.server.on('connection', (socket: Socket) => {
  let text = ''
  socket.on('data', (chunk) => {
    text = (text + chunk.toString('latin1')).slice(-longest)
    if (!text.endsWith('*END')) return
    obey(socket, text)
    text = ''
  })
})
function obey(socket: Socket, command: string): void {
  heard.push(command)
  const order = orderOf(command, spec.number, spec.leftIs, steel.bank)
  if (order) steel.command(order.verb, order.aisle)
  else steel.report()
  if (fault === 'mute') return
  if (fault === 'half') socket.end(command.slice(0, 9))
  else if (fault === 'garbage') socket.end(randomBytes(garbageBytes))
  else if (order) socket.end(command)
  else socket.end()
}

listen(
  (message) => {
    if (message.type === 'bank') steel.bank.event(message.event)
    else if (message.type !== 'fault') notForMe(message)
    else if (message.fault.kind === 'garbage') {
      fault = 'garbage'
      garbageBytes = message.fault.bytes
    } else if (message.fault.kind === 'mute' || message.fault.kind === 'half')
      fault = message.fault.kind
    else if (message.fault.kind === 'heal') fault = 'none'
    else if (message.fault.kind === 'reboot') {
      steel.bank.reboot()
      for (const socket of listener.sockets) socket.destroy()
    }
    steel.changed()
  },
  () => listener.stop(),
)
tell({ type: 'ready', port: await listener.start(spec.port) })
steel.report()
