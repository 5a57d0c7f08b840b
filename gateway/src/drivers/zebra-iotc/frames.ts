/** Tag data events of the Zebra IoT Connector. Pure; never throws. */
import type { TagRead } from '../driver.ts'
import {
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
import { nothingSaid, type Said } from '../mqtt/said.ts'
import type { EventNumbers, Numbered } from './event-numbers.ts'

export type PhaseUnit = 'none' | 'degrees'

/** Management events that share the broker with tags. */
const management = /^(heartbeat|gpi|gpo|alert|error|warning|exception|firmware|userapp|response)/i

export interface Event {
  read: TagRead
  eventNum: number | undefined
}

/** One event: a read with its number, `known` for one without tags, or why it is none. */
export function parseEvent(event: unknown, unit: PhaseUnit): Event | 'known' | { bad: string } {
  if (!isObject(event)) return { bad: 'an event that is no object' }
  const { data } = event
  const type = textAt(event, 'type') ?? ''
  const isTag = isObject(data) && 'idHex' in data
  if (!isTag) return management.test(type) ? 'known' : { bad: 'an event without a tag' }
  const epc = hexWords(textAt(data, 'idHex'))
  if (epc === undefined) return { bad: 'idHex is not hex of whole words' }
  const antenna = wholeAt(data, 'antenna', 0, 255)
  if (antenna === undefined) return { bad: 'a tag without its antenna' }
  const eventNum = wholeAt(data, 'eventNum', 0, Number.MAX_SAFE_INTEGER)
  return { read: { epc, antenna, ...details(event, data, unit) }, eventNum }
}

function details(event: Json, data: Json, unit: PhaseUnit) {
  const pc = pcWord(data, 'PC')
  const tid = hexWords(textAt(data, 'TID'))
  const rssi = numberAt(data, 'peakRssi')
  const mhz = numberAt(data, 'channel')
  const angle = unit === 'degrees' ? numberAt(data, 'phase') : undefined
  const at = instantMs(textAt(event, 'timestamp'))
  return {
    count: wholeAt(data, 'reads', 1, 1_000_000) ?? 1,
    ...(pc === undefined ? {} : { pc }),
    ...(tid === undefined ? {} : { tid }),
    ...(rssi === undefined ? {} : { rssiDbm: rssi }),
    // MHz, as in 927.25; a small number would be the index of a table that we do not have.
    ...(mhz === undefined || mhz < 100 ? {} : { frequencyKhz: Math.round(mhz * 1000) }),
    ...(angle === undefined ? {} : { phaseRad: radians(angle) }),
    ...(at === undefined ? {} : { deviceTimeMs: at }),
  }
}

const radians = (degrees: number) => ((((degrees % 360) + 360) % 360) * Math.PI) / 180

/** A message: an array of events (FX9600) or one (FXR90). `numbers` lives as long as the driver. */
export function understandZebra(payload: Uint8Array, unit: PhaseUnit, numbers: EventNumbers): Said {
  const said = nothingSaid()
  for (const message of jsonMessages(payload)) {
    const event = 'bad' in message ? message : parseEvent(message.value, unit)
    if (event === 'known') said.notes.push({ kind: 'known' })
    else if ('bad' in event) said.bad.push(event.bad)
    else take(event, numbers, said)
  }
  if (said.reads.length + said.notes.length + said.bad.length === 0)
    said.notes.push({ kind: 'known' })
  return said
}

function take({ read, eventNum }: Event, numbers: EventNumbers, said: Said) {
  const mark = `${read.epc} ${read.antenna} ${read.deviceTimeMs ?? ''}`
  const numbered: Numbered =
    eventNum === undefined ? { kind: 'next' } : numbers.take(eventNum, mark)
  if (numbered.kind === 'again') return
  if (numbered.kind === 'missing' || numbered.kind === 'restarted') said.notes.push(numbered)
  said.reads.push(read)
}
