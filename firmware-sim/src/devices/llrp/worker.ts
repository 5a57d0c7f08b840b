/** One LLRP reader as a worker. */
import { randomBytes } from 'node:crypto'
import { ms, systemClock } from '../../system-clock.ts'
import { type OwnClock, ownTimeUs } from '../../world/cart/own-clock.ts'
import { Rng } from '../../world/rng.ts'
import type { DeviceFault, ToDevice } from '../messages.ts'
import { listen, notForMe, specOf, tell, tellState } from '../port.ts'
import { TcpListener } from '../tcp-listener.ts'
import { brands } from './brands.ts'
import { CartField } from './cart-field.ts'
import { Connections } from './connections.ts'
import { LlrpReader } from './reader.ts'
import { letsIn, secureOptions } from './secure.ts'

const reportStateMs = 200
const spec = specOf('llrp')
const listener = new TcpListener(spec.tls && secureOptions(spec.tls))
const connections = new Connections(systemClock)
const startedMs = systemClock.now()
const { offsetMs, driftPpm } = spec.clock ?? { offsetMs: 0, driftPpm: 0 }
const own: OwnClock = { startsAtUs: (startedMs + offsetMs) * 1000, sinceMs: startedMs, driftPpm }
const rng = new Rng(spec.seed)
const reader = new LlrpReader({
  model: {
    brand: brands[spec.brand ?? 'impinj'],
    antennas: spec.antennas,
    firmware: spec.model,
  },
  clock: { ...systemClock, now: () => ownTimeUs(own, systemClock.now()) / 1000 },
  rng,
  send: (bytes) => connections.send(bytes),
  hangUp: () => connections.hangUp(),
})
listener.onSocket((socket) => {
  if (spec.tls && !letsIn(spec.tls, socket)) socket.destroy()
  else connections.accept(socket, reader)
})

function stand(cart: Extract<ToDevice, { type: 'cart' }>['cart']): void {
  if (!cart) reader.field.cart = null
  else {
    const { face: truth, standsAtMm } = cart
    const options = { truth, standsAtMm, clock: systemClock, own, rng: rng.fork('cart') }
    reader.field.cart = new CartField(options)
  }
}

function fault(f: DeviceFault): void {
  if (f.kind === 'garbage') connections.send(randomBytes(f.bytes))
  if (f.kind === 'stale') connections.staleMs = f.holdMs
  if (f.kind === 'mute') reader.mute = true
  if (f.kind === 'overflow') reader.out.overflow()
  if (f.kind !== 'heal') return
  reader.mute = false
  connections.heal()
}

let watching = false
function report(): void {
  const left = reader.field.burstLeft
  tellState({
    busy: left > 0,
    detail: {
      connected: reader.out.connected,
      active: reader.active,
      tags: reader.field.tagCount,
      burstLeft: left,
      reported: reader.out.reported,
      lost: reader.out.lost,
      version: reader.version,
      outputs: reader.outputs,
      outputChanges: reader.outputChanges,
    },
  })
  if (left === 0 || watching) return
  watching = true
  systemClock.after(ms(reportStateMs), () => {
    watching = false
    report()
  })
}

listen(
  (message) => {
    if (message.type === 'field') reader.field.place(message.tags)
    else if (message.type === 'burst') reader.field.pass(message.burst)
    else if (message.type === 'cart') stand(message.cart)
    else if (message.type === 'walk') reader.field.cart?.walk(message.walk)
    else if (message.type === 'fault') fault(message.fault)
    else notForMe(message)
    report()
  },
  () => {
    reader.powerOff()
    return listener.stop()
  },
)
tell({ type: 'ready', port: await listener.start(spec.port) })
report()
