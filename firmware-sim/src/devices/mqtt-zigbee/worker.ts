/** A Zigbee2MQTT bridge with an air sensor, smoke, water and door. */
import { randomBytes } from 'node:crypto'
import { ms, systemClock } from '../../system-clock.ts'
import type { DeviceFault, ToDevice } from '../messages.ts'
import { Publisher } from '../mqtt/publisher.ts'
import { listen, notForMe, specOf, tell, tellState } from '../port.ts'
import { published, type Reading } from './devices.ts'

const spec = specOf('mqtt-zigbee')
const bridgeState = `${spec.base}/bridge/state`
let air: Readonly<Record<number, Reading>> = { 1: { temperature: 20.5, humidity: 51 } }
let closed: readonly boolean[] = []
let mute = false
const lastSaid = new Map<string, string>()

const publisher = new Publisher({
  port: spec.port,
  clientId: `zigbee2mqtt-${spec.seed}`.slice(0, 60),
  will: { topic: bridgeState, payload: '{"state":"offline"}' },
  connected: () => {
    publisher.say(bridgeState, '{"state":"online"}', true)
    // What it remembers from before, as the real one does at its start: last_seen tells its age.
    for (const [topic, text] of lastSaid) publisher.say(topic, text)
    for (const { name } of published(air, closed))
      publisher.say(`${spec.base}/${name}/availability`, '{"state":"online"}', true)
    sayAll()
  },
})

function sayAll(): void {
  if (mute) return
  for (const { name, state } of published(air, closed)) {
    const topic = `${spec.base}/${name}`
    const text = JSON.stringify({ ...state, last_seen: new Date().toISOString() })
    lastSaid.set(topic, text)
    if (publisher.up) publisher.say(topic, text)
  }
  report()
}

function fault(f: DeviceFault): void {
  if (f.kind === 'garbage') publisher.say(`${spec.base}/smoke-1`, randomBytes(f.bytes))
  if (f.kind === 'mute') mute = true
  if (f.kind === 'heal') mute = false
}

function report(): void {
  tellState({ busy: false, detail: { connected: publisher.up, air, closed, mute } })
}

function beat(): void {
  sayAll()
  systemClock.after(ms(spec.everyMs), beat)
}

listen(
  (message: ToDevice) => {
    if (message.type === 'air') air = message.air
    else if (message.type === 'contacts') closed = message.closed
    else if (message.type === 'fault') fault(message.fault)
    else notForMe(message)
    sayAll()
  },
  () => publisher.stop(),
)
tell({ type: 'ready', port: spec.port })
beat()
