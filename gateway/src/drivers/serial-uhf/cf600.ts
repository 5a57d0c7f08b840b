/** Chafon CF600 and its relatives of the CF prefix [src: public code with frames seen on a device]. */
import { mcrf4xx } from './checks.ts'
import type { Command, Family, Heard } from './family.ts'
import { hex, i16, isEpc, printable, u16 } from './family.ts'
import { closed, type Framing } from './framing.ts'

/** The check is that of Chafon, but here the high byte goes first: `CF FF 00 50 00` is followed by `07 26`. */
export const framing: Framing = {
  start: 0xcf,
  length: { at: 4, bytes: 1, adds: [7] },
  shortest: 7,
  longest: 262,
  check: { from: 0, bytes: 2, order: 'high-first', of: mcrf4xx },
  end: null,
}
const inventory = 0x0001
const noTag = 0x12
const bootNotice = 0x0050

export const request = (code: number, data: readonly number[] = []): Uint8Array =>
  closed(framing, [0xcf, 0xff, code >>> 8, code & 0xff, data.length, ...data])
const command = (what: string, code: number, data: readonly number[] = []): Command => ({
  what,
  code,
  bytes: request(code, data),
})

/** Status, RSSI in tenths of a dBm, antenna, channel, length of the EPC, EPC. */
function tag(data: Uint8Array): Heard {
  const epc = data.subarray(6)
  if (data.length < 8 || data[5] !== epc.length || !isEpc(epc))
    return { bad: 'a tag whose EPC does not fit its length' }
  const read = {
    epc: hex(epc),
    antenna: data[3] as number,
    rssiDbm: i16(data, 1) / 10,
    channel: data[4] as number,
    count: 1,
  }
  return { reads: [read] }
}

function hear(frame: Uint8Array): Heard {
  const code = u16(frame, 2)
  const data = frame.subarray(5, -2)
  const status = data[0]
  if (code === inventory && status === 0 && data.length > 1) return tag(data)
  if (code === inventory && status === noTag) return {}
  const ok = status === 0
  const why = ok ? {} : { why: `status ${hex(data.subarray(0, 1))}` }
  return { answer: { code, ok, data: data.subarray(1), ...why } }
}

function describe(frame: Uint8Array): Record<string, unknown> {
  const code = u16(frame, 2)
  const base = { address: frame[1], command: hex(frame.subarray(2, 4)) }
  const [read] = code === inventory ? (hear(frame).reads ?? []) : []
  const data = frame.subarray(5, -2)
  if (!read) return { ...base, data: hex(data) }
  const { epc, antenna, rssiDbm, channel } = read
  return { ...base, status: data[0], epc, antenna, rssiDbm, channel }
}

export const cf600: Family = {
  framing,
  bothWays: framing,
  silentMs: 3000,
  roundsPerStep: null,
  version: command('information', 0x0070),
  stop: { ...command('stop', 0x0002), mayFail: true },
  configure: ({ powerDbm }) => [
    command('module', bootNotice),
    command('power', 0x0053, [powerDbm, 0x00]),
  ],
  // Inventory by time, with no end.
  cycle: () => [request(inventory, [0, 0, 0, 0, 0])],
  hear,
  firmware: printable,
  describe,
}
