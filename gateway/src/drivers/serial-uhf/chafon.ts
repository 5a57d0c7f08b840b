/** Chafon CF-RU5102, 5106, 6402 and others of the Reader18 kind [src: wabson/chafon-rfid; settings known]. */
import { mcrf4xx } from './checks.ts'
import type { Command, Family, Heard } from './family.ts'
import { hex, isEpc } from './family.ts'
import { closed, type Framing } from './framing.ts'
import { limits } from './limits.ts'

export const framing: Framing = {
  start: null,
  length: { at: 0, bytes: 1, adds: [1] },
  shortest: 5,
  longest: 256,
  check: { from: 0, bytes: 2, order: 'low-first', of: mcrf4xx },
  end: null,
}
const inventory = 0x01
const information = 0x21
/** Any address; the module answers with its own. */
const everyone = 0xff
/** Status of an inventory: done, time over, more follows, memory full. */
const lastOf = [0x01, 0x02, 0x04]
const moreFollows = 0x03
const noTag = 0xfb

export const request = (code: number, data: readonly number[] = []): Uint8Array =>
  closed(framing, [data.length + 4, everyone, code, ...data])
const command = (what: string, code: number, data: readonly number[] = []): Command => ({
  what,
  code,
  bytes: request(code, data),
})

/** `num`, then for each tag the length of its EPC and the EPC. This kind tells no RSSI, so there is none. */
function tags(data: Uint8Array): string[] | null {
  const epcs: string[] = []
  let at = 1
  for (let n = 0; n < (data[0] ?? 0); n++) {
    const length = data[at] ?? 0
    const epc = data.subarray(at + 1, at + 1 + length)
    if (epc.length !== length || !isEpc(epc)) return null
    epcs.push(hex(epc))
    at += 1 + length
  }
  return at === data.length ? epcs : null
}

function hear(frame: Uint8Array): Heard {
  const [, , code = 0, status = 0] = frame
  const data = frame.subarray(4, -2)
  if (code !== inventory) {
    const ok = status === 0
    const why = ok ? {} : { why: `status ${hex(Uint8Array.of(status))}` }
    return { answer: { code, ok, data, ...why } }
  }
  if (status === noTag) return { roundOver: true }
  const over = lastOf.includes(status) ? { roundOver: true as const } : {}
  if (!over.roundOver && status !== moreFollows)
    return { roundOver: true, bad: `inventory status ${hex(Uint8Array.of(status))}` }
  const epcs = data.length === 0 ? [] : tags(data)
  if (!epcs) return { ...over, bad: 'an inventory whose lengths do not fit' }
  return { ...over, reads: epcs.map((epc) => ({ epc, antenna: 1, count: 1 })) }
}

/** Requests and replies look alike: the status of a reply is told as the first byte of `data` where it is not sure. */
function describe(frame: Uint8Array): Record<string, unknown> {
  const [, address = 0, code = 0, status] = frame
  const base = { address, command: hex(Uint8Array.of(code)) }
  if (address === everyone || frame.length < 6) return { ...base, data: hex(frame.subarray(3, -2)) }
  const told = { ...base, status }
  const data = frame.subarray(4, -2)
  const epcs = code === inventory && data.length > 0 ? tags(data) : null
  return epcs ? { ...told, epcs } : { ...told, data: hex(data) }
}

export const chafon: Family = {
  framing,
  bothWays: framing,
  silentMs: 1500,
  roundsPerStep: 1,
  version: command('information', information),
  stop: null,
  configure: ({ region, powerDbm }) => [
    ...(region ? [command('region', 0x22, limits.chafon.regions[region])] : []),
    command('power', 0x2f, [powerDbm]),
  ],
  cycle: () => [request(inventory)],
  hear,
  firmware: (data) => (data.length >= 2 ? `${data[0]}.${data[1]}` : null),
  // On 100 ms, off 100 ms, three times.
  beep: command('beep', 0x33, [2, 2, 3]),
  describe,
}
