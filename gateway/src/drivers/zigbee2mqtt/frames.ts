/** What Zigbee2MQTT publishes of one device. Pure; never throws. */
import type { Quantity } from '@lantai/contracts'
import { instantMs, isObject, type Json, numberAt, textAt } from '../mqtt/json.ts'
import type { ContactField, Model } from './models.ts'

export interface ZigbeeState {
  values: Partial<Record<Quantity, number>>
  /** By field; what is not in the message is not here. */
  contacts: Map<ContactField['field'], 'active' | 'clear'>
  /** Wall milliseconds of the bridge's clock. */
  lastSeenMs: number | undefined
}

const plausible: Readonly<Record<Quantity, readonly [number, number]>> = {
  temperature: [-40, 85],
  humidity: [0, 100],
} as Readonly<Record<Quantity, readonly [number, number]>>

/** ISO 8601 with any zone, or epoch milliseconds: both can be chosen in the bridge. */
const lastSeen = (o: Json) => numberAt(o, 'last_seen') ?? instantMs(textAt(o, 'last_seen'))

/** One state message, or why it is none. A field of a wrong type makes the whole message bad: nothing is guessed. */
export function parseState(payload: Uint8Array, model: Model): ZigbeeState | { bad: string } {
  const o = parsed(payload)
  if (!isObject(o)) return { bad: 'a state that is no JSON object' }
  const state: ZigbeeState = { values: {}, contacts: new Map(), lastSeenMs: lastSeen(o) }
  for (const q of model.quantities) {
    // The bridge says null for what it has not read yet.
    if (o[q] === undefined || o[q] === null) continue
    const value = numberAt(o, q)
    const [low, high] = plausible[q]
    if (value === undefined || value < low || value > high) return { bad: `${q} is no ${q}` }
    state.values[q] = value
  }
  for (const { field, activeWhen } of model.contacts) {
    const v = o[field]
    if (v === undefined || v === null) continue
    if (typeof v !== 'boolean') return { bad: `${field} is neither true nor false` }
    state.contacts.set(field, v === activeWhen ? 'active' : 'clear')
  }
  return state
}

/** `online` or `offline`, bare or as `{"state": …}`; null for anything else. */
export function parseOnline(payload: Uint8Array): boolean | null {
  const text = Buffer.from(payload.subarray(0, 200)).toString('utf8').trim()
  const o = parsed(payload)
  const word = isObject(o) ? textAt(o, 'state') : text
  return word === 'online' ? true : word === 'offline' ? false : null
}

function parsed(payload: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8'))
  } catch {
    return undefined
  }
}
