/** An MJJ bank as a worker: hex frames over UDP on one side, steel that moves with time on the other. */
import { randomBytes } from 'node:crypto'
import type { RemoteInfo } from 'node:dgram'
import { listen, notForMe, specOf, tell } from '../port.ts'
import { MovingBank } from '../shelving/moving-bank.ts'
import { UdpListener } from '../udp-listener.ts'
import { alarm, alarmOf, orderOf, reportOf, standing } from './columns.ts'
import { FaultyAir } from './faulty-air.ts'
import { type Message, MjjWire } from './wire.ts'

const spec = specOf('shelving-mjj')
const wire = new MjjWire(spec.crc, spec.type)
const listener = new UdpListener()
const air = new FaultyAir((bytes, to) => listener.send(bytes, to))
let master: RemoteInfo | null = null
let movingBefore = false
const orders: string[] = []
const steel = new MovingBank(spec, () => ({ ...air.detail, orders }), news)

listener.on((datagram, from) => {
  master = from
  for (const message of wire.read(datagram)) hear(message, from)
})

function hear(message: Message, from: RemoteInfo): void {
  if (message.zone !== spec.zone) return
  if (message.command === standing) tellMaster(reportOf(steel.bank, message.column, spec), from)
  else if (message.command === alarm) tellMaster(alarmOf(steel.bank, spec), from)
  else obey(message, from)
}
function obey(message: Message, from: RemoteInfo): void {
  const order = orderOf(message, steel.bank, spec)
  if (!order) return
  orders.push(`${order.verb} ${order.aisle}`)
  steel.command(order.verb, order.aisle)
  tellMaster({ ...message, data: [] }, from)
}

/** Columns report by themselves when they start and when they have arrived. */
function news(): void {
  const { moving } = steel.bank.status()
  if (moving === movingBefore || !master) return
  movingBefore = moving
  for (let column = 2; column <= spec.columns.length; column++)
    tellMaster(reportOf(steel.bank, column, spec), master)
}
function tellMaster(message: Message | null, to: RemoteInfo): void {
  if (message) air.send(wire.write(message), to)
}

listen(
  (message) => {
    if (message.type === 'bank') steel.bank.event(message.event)
    else if (message.type !== 'fault') notForMe(message)
    else if (message.fault.kind === 'garbage') {
      if (master) listener.send(randomBytes(message.fault.bytes), master)
    } else if (message.fault.kind === 'reboot') steel.bank.reboot()
    else air.fault(message.fault)
    steel.changed()
  },
  () => listener.stop(),
)
tell({ type: 'ready', port: await listener.start(spec.port) })
steel.report()
