/** A Stow PLC as a worker: TCP on one side, steel that moves with time on the other. */
import { randomBytes } from 'node:crypto'
import type { Socket } from 'node:net'
import { listen, notForMe, specOf, tell } from '../port.ts'
import { MovingBank } from '../shelving/moving-bank.ts'
import { TcpListener } from '../tcp-listener.ts'
import { answer, isKnown, type StowState } from './wire.ts'

const spec = specOf('shelving-stow')
const listener = new TcpListener()
const state: StowState = { messages: 0, requested: 0, lastOpen: 0 }
const steel = new MovingBank(spec, () => ({ clients: listener.sockets.size, ...state }))
let mute = false
let half = false

listener.server.on('connection', (socket: Socket) => {
  let held = Buffer.alloc(0)
  socket.on('data', (chunk) => {
    held = Buffer.concat([held, chunk])
    for (; held.length >= 2; held = held.subarray(2)) obey(socket, held[0] ?? 0, held[1] ?? 0)
  })
})
function obey(socket: Socket, first: number, second: number): void {
  if (!isKnown(second)) return
  const reply = answer([first, second], steel.bank, state, (column) =>
    steel.command('open', column),
  )
  if (mute) return
  socket.write(half ? reply.subarray(0, 11) : reply)
}

listen(
  (message) => {
    if (message.type === 'bank') steel.bank.event(message.event)
    else if (message.type !== 'fault') notForMe(message)
    else if (message.fault.kind === 'garbage') listener.broadcast(randomBytes(message.fault.bytes))
    else if (message.fault.kind === 'mute') mute = true
    else if (message.fault.kind === 'half') half = true
    else if (message.fault.kind === 'heal') mute = half = false
    else if (message.fault.kind === 'reboot') {
      Object.assign(state, { messages: 0, requested: 0, lastOpen: 0 })
      steel.bank.reboot()
      for (const socket of listener.sockets) socket.destroy()
    }
    steel.changed()
  },
  () => listener.stop(),
)
tell({ type: 'ready', port: await listener.start(spec.port) })
steel.report()
