/** One shelving controller as a worker: OPC UA on one side, steel that moves with time on the other. */
import type { Timer } from '@lantai/contracts'
import { nodesets } from 'node-opcua-nodesets'
import { ms, systemClock } from '../../system-clock.ts'
import { makeServer, portOf, shutdown } from '../opcua-server/server.ts'
import { listen, notForMe, specOf, tell, tellState } from '../port.ts'
import { answers, BankController } from '../shelving/controller.ts'
import { BankNodes } from './nodes.ts'

/** The controller's cycle: status follows within it, moving or not. */
const cycleMs = 100
const spec = specOf('opcua-shelving')
const started = systemClock.mono()
const bank = new BankController(spec, spec.saved)
const server = await makeServer(spec, 'opcua-shelving', [nodesets.standard])
const nodes = new BankNodes(server, bank, {
  uptimeS: () => (systemClock.mono() - started) / 1000,
  command(verb, aisle) {
    const answer = answers[bank.command(verb, aisle)]
    report()
    return answer
  },
})

/** The plant behind the server has stopped, and the server goes on with what it said last. */
let frozen = false
let timer: Timer | null = null
function cycle(last: number): void {
  const now = systemClock.mono()
  // A machine that slept must not throw the carriages forward.
  if (bank.status().moving) {
    bank.advance(Math.min(now - last, 500))
    report()
  }
  if (!frozen) nodes.show()
  timer = systemClock.after(ms(cycleMs), () => cycle(now))
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
    },
  })
}

listen(
  (message) => {
    if (message.type === 'bank') bank.event(message.event)
    else if (message.type === 'fault') {
      if (message.fault.kind === 'mute') frozen = true
      if (message.fault.kind === 'heal') frozen = false
    } else notForMe(message)
    report()
  },
  () => {
    timer?.cancel()
    return shutdown(server)
  },
)
await server.start()
tell({ type: 'ready', port: portOf(server) })
report()
cycle(systemClock.mono())
