/** Events of the Impinj IoT device interface. Pure; never throws. */
import type { TagRead } from '../driver.ts'
import {
  base64Words,
  hexWords,
  instantMs,
  isObject,
  type Json,
  numberAt,
  pcWord,
  textAt,
  wholeAt,
} from '../mqtt/json.ts'
import { jsonMessages } from '../mqtt/json-messages.ts'
import { type Note, nothingSaid, type Said } from '../mqtt/said.ts'

export type PhaseUnit = 'none' | 'degrees'

/** Each event lies under the key of its kind; `eventType` names it once more, on newer firmware only. */
const kinds = [
  'tagInventoryEvent',
  'antennaConnectedEvent',
  'antennaDisconnectedEvent',
  'inventoryStatusEvent',
  'inventoryTerminatedEvent',
  'overflowEvent',
] as const
/** Known, and nothing for a room. */
const idle =
  /^(diagnostic|gpiTransition|tagLocation\w*|tagMovement\w*|keepAlive|heartbeat)(Event)?$/

/** One event, or why it is none. */
export function understandEvent(event: unknown, unit: PhaseUnit): Said {
  const said = nothingSaid()
  if (!isObject(event)) said.bad.push('an event that is no object')
  else one(event, unit, said)
  return said
}

function one(event: Json, unit: PhaseUnit, said: Said) {
  const type = textAt(event, 'eventType')
  const kind = kinds.find((k) => isObject(event[k]) || `${type}Event` === k)
  if (kind === undefined) {
    if (Object.keys(event).some((k) => idle.test(k)) || (type !== undefined && idle.test(type)))
      said.notes.push({ kind: 'known' })
    else said.bad.push('an event of no known kind')
    return
  }
  const inner = event[kind]
  const body = isObject(inner) ? inner : {}
  if (kind === 'tagInventoryEvent') {
    const read = tagRead(body, textAt(event, 'timestamp'), unit)
    if (typeof read === 'string') said.bad.push(read)
    else said.reads.push(read)
    return
  }
  const note = noteOf(kind, body)
  if (note) said.notes.push(note)
  else said.bad.push(`an ${kind} without its antenna or status`)
}

function noteOf(kind: (typeof kinds)[number], body: Json): Note | null {
  switch (kind) {
    case 'antennaConnectedEvent':
    case 'antennaDisconnectedEvent': {
      const antenna = wholeAt(body, 'antennaPort', 1, 255)
      const connected = kind === 'antennaConnectedEvent'
      return antenna === undefined ? null : { kind: 'antenna', antenna, connected }
    }
    case 'inventoryStatusEvent': {
      const why = textAt(body, 'inventoryStatus') ?? textAt(body, 'status')
      if (why === 'armed') return { kind: 'armed' }
      return why ? { kind: 'reading', on: why === 'running', why } : null
    }
    case 'inventoryTerminatedEvent':
      return { kind: 'reading', on: false, why: textAt(body, 'reason') ?? 'inventory terminated' }
    case 'overflowEvent':
      return { kind: 'overflow' }
    default:
      return null
  }
}

/** A read, or why it is none. */
function tagRead(e: Json, timestamp: string | undefined, unit: PhaseUnit): TagRead | string {
  const [hex, base64] = [textAt(e, 'epcHex'), textAt(e, 'epc')]
  const fromHex = hexWords(hex)
  const fromBase64 = base64Words(base64)
  const epc = fromHex ?? (hex === undefined ? fromBase64 : undefined)
  if (epc === undefined) return 'a tag without an EPC of whole words'
  if (fromHex !== undefined && fromBase64 !== undefined && fromHex !== fromBase64)
    return 'epc and epcHex do not agree'
  const antenna = wholeAt(e, 'antennaPort', 1, 255)
  if (antenna === undefined) return 'a tag without its antenna'
  const rssi = numberAt(e, 'peakRssiCdbm')
  const tid = hexWords(textAt(e, 'tidHex')) ?? base64Words(textAt(e, 'tid'))
  const pc = pcWord(e, 'pc')
  const frequency = wholeAt(e, 'frequency', 1, 10_000_000)
  const angle = unit === 'degrees' ? numberAt(e, 'phaseAngle') : undefined
  const at = instantMs(textAt(e, 'lastSeenTime') ?? timestamp)
  return {
    epc,
    antenna,
    count: 1,
    ...(pc === undefined ? {} : { pc }),
    ...(tid === undefined ? {} : { tid }),
    ...(rssi === undefined ? {} : { rssiDbm: rssi / 100 }),
    ...(frequency === undefined ? {} : { frequencyKhz: frequency }),
    ...(angle === undefined ? {} : { phaseRad: radians(angle) }),
    ...(at === undefined ? {} : { deviceTimeMs: at }),
  }
}

const radians = (degrees: number) => ((((degrees % 360) + 360) % 360) * Math.PI) / 180

/** A message: one event, an array of them, or lines of them; blank lines are keep-alives. */
export function understandImpinj(payload: Uint8Array, unit: PhaseUnit): Said {
  const all = nothingSaid()
  for (const message of jsonMessages(payload)) {
    if ('bad' in message) all.bad.push(message.bad)
    else {
      const said = understandEvent(message.value, unit)
      all.reads.push(...said.reads)
      all.notes.push(...said.notes)
      all.bad.push(...said.bad)
    }
  }
  if (all.reads.length + all.notes.length + all.bad.length === 0) all.notes.push({ kind: 'known' })
  return all
}
