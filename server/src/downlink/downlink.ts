import type { KeyObject } from 'node:crypto'
import { sign } from 'node:crypto'
import {
  type Ack,
  type Command,
  type DesiredConfig,
  type DeviceAsk,
  type Reject,
  type Roster,
  type Signed,
  topics,
  type Witness,
} from '@lantai/contracts'
import type { Static } from 'typebox'

/** Messages from the server to one gateway. Each promise settles when the broker has taken the message: no more. */
export interface Downlink {
  readonly connected: boolean
  /** True while the broker was heard to carry messages a moment ago; a connection alone proves nothing (rule D19). */
  readonly carries: boolean
  command(command: Command): Promise<void>
  roster(roster: Roster): Promise<void>
  desired(config: DesiredConfig): Promise<void>
  ask(ask: DeviceAsk): Promise<void>
  ack(gateway: string, ack: Ack): Promise<void>
  reject(gateway: string, reject: Static<typeof Reject>): Promise<void>
  witness(gateway: string, witness: Static<typeof Witness>): Promise<void>
}

export interface Publisher {
  readonly connected: boolean
  readonly carries: boolean
  publish(topic: string, text: string): Promise<void>
}

/** Ed25519 over the exact text that is sent (ASVS 4.1.5). */
export function signed(value: unknown, key: KeyObject): Signed {
  const body = JSON.stringify(value)
  return { body, sig: sign(null, Buffer.from(body), key).toString('base64') }
}

export function createDownlink(site: string, to: Publisher, key: KeyObject): Downlink {
  const send = (topic: string, value: unknown) => to.publish(topic, JSON.stringify(value))
  return {
    get connected() {
      return to.connected
    },
    get carries() {
      return to.carries
    },
    command: (c) => send(topics(site, c.gateway).cmd(c.id), signed(c, key)),
    roster: (r) => send(topics(site, r.gateway).roster, signed(r, key)),
    desired: (d) => send(topics(site, d.gateway).cfgDesired, signed(d, key)),
    ask: (a) => send(topics(site, a.gateway).ask(a.id), signed(a, key)),
    ack: (gateway, ack) => send(topics(site, gateway).ack, ack),
    reject: (gateway, reject) => send(topics(site, gateway).reject, reject),
    witness: (gateway, witness) => send(topics(site, gateway).witness, witness),
  }
}
