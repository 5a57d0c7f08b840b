/** The odometer of a cart as a worker: a wheel encoder on a counter module, read over Modbus TCP. */
import { randomBytes } from 'node:crypto'
import { ms, systemClock } from '../../system-clock.ts'
import { CartMotion } from '../../world/cart/motion.ts'
import { type OwnClock, ownTimeUs } from '../../world/cart/own-clock.ts'
import { Wheel } from '../../world/cart/wheel.ts'
import { Rng } from '../../world/rng.ts'
import { serveModbusTcp } from '../modbus/tcp-slave.ts'
import { listen, notForMe, specOf, tell, tellState } from '../port.ts'
import { TcpListener } from '../tcp-listener.ts'
import { odometerSlave, ticksPerSecond } from './registers.ts'

const reportEveryMs = 200
const spec = specOf('odometer')
const rng = new Rng(spec.seed)
const listener = new TcpListener()
const wheel = new Wheel(spec.seed, spec.wheel)
/** Power on: pulses and clock begin anew, as on a module that keeps nothing. */
const clock: OwnClock = {
  startsAtUs: 0,
  sinceMs: systemClock.now(),
  driftPpm: (rng.float() - 0.5) * 80,
}
let motion: CartMotion | null = null
let counted = 0

/** Turns the wheel to where the cart is now: a counter counts when the wheel turns, asked or not. */
function latch() {
  if (motion) counted = wheel.rollTo(motion.xAt(systemClock.now()))
  return {
    pulses: spec.startsAt + (counted * spec.pulsesPerMetre) / 1000,
    ticks: (ownTimeUs(clock, systemClock.now()) * ticksPerSecond) / 1e6,
  }
}

let watching = false
function report(): void {
  const pending = motion?.isPending(systemClock.now()) ?? false
  const pulses = Math.floor(latch().pulses)
  const busy = pending && motion?.plan.shuttles !== true
  tellState({ busy, detail: { pulses, lostMm: wheel.lostMm } })
  if (!busy || watching) return
  watching = true
  systemClock.after(ms(reportEveryMs), () => {
    watching = false
    report()
  })
}

serveModbusTcp(listener.server, 1, odometerSlave(latch))
listen(
  (message) => {
    if (message.type === 'walk') {
      wheel.lift()
      motion = new CartMotion(message.walk, systemClock.now())
    } else if (message.type === 'cart') motion = null
    else if (message.type !== 'fault') notForMe(message)
    else if (message.fault.kind === 'garbage') listener.broadcast(randomBytes(message.fault.bytes))
    report()
  },
  () => listener.stop(),
)
tell({ type: 'ready', port: await listener.start(spec.port) })
report()
