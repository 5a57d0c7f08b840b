/** M100 modules: YRM100, JRD-4035, E720 [src: m5stack documents and public code]. */
import { gen2, sum8 } from './checks.ts'
import type { Command, Family, Heard } from './family.ts'
import { hex, i8, isEpc, printable, u16 } from './family.ts'
import { closed, type Framing } from './framing.ts'
import { limits, type RadioSettings } from './limits.ts'

export const framing: Framing = {
  start: 0xbb,
  length: { at: 3, bytes: 2, adds: [7] },
  shortest: 7,
  longest: 263,
  check: { from: 1, bytes: 1, order: 'high-first', of: sum8 },
  end: 0x7e,
}
const types = ['command', 'reply', 'notice']
const failed = 0xff
const noTag = 0x15
const inventory = 0x22
const setPower = 0xb6
/** As many rounds as are asked for at once; far fewer are waited for, so that reading never ends by itself. */
const rounds = 10_000

export const request = (code: number, data: readonly number[] = []): Uint8Array =>
  closed(framing, [0xbb, 0x00, code, data.length >>> 8, data.length & 0xff, ...data])
const command = (what: string, code: number, data: readonly number[] = []): Command => ({
  what,
  code,
  bytes: request(code, data),
})

/** RSSI i8 in dBm, PC, EPC, CRC of the tag. */
function notice(data: Uint8Array): Heard {
  const epc = data.subarray(3, data.length - 2)
  if (data.length < 7 || !isEpc(epc)) return { bad: 'a notice without an EPC of whole words' }
  if (gen2(data.subarray(1, data.length - 2)) !== u16(data, data.length - 2))
    return { bad: 'the CRC of the EPC does not fit', roundOver: true }
  const read = { epc: hex(epc), pc: u16(data, 1), antenna: 1, rssiDbm: i8(data[0]), count: 1 }
  return { reads: [read], roundOver: true }
}

function hear(frame: Uint8Array): Heard {
  const [, type, code = 0] = frame
  const data = frame.subarray(5, -2)
  if (type === 2 && code === inventory) return notice(data)
  if (type !== 1) return { bad: `frame type ${type}` }
  if (code !== failed) return { answer: { code, ok: data[0] === 0 || data.length > 1, data } }
  if (data[0] === noTag) return { roundOver: true }
  const why = `error ${hex(data)}`
  return { answer: { code: failed, ok: false, why, data } }
}

function describe(frame: Uint8Array): Record<string, unknown> {
  const [, type = 0, code = 0] = frame
  const base = { type: types[type] ?? type, command: hex(Uint8Array.of(code)) }
  const data = frame.subarray(5, -2)
  if (type !== 2 || code !== inventory || data.length < 7) return { ...base, data: hex(data) }
  const rest = { rssiDbm: i8(data[0]), pc: hex(data.subarray(1, 3)) }
  const epc = hex(data.subarray(3, -2))
  return { ...base, ...rest, epc, epcCrc: hex(data.subarray(-2)), ...wordOf(hear(frame)) }
}
const wordOf = (heard: Heard) => (heard.bad ? { bad: heard.bad } : {})

export const m100: Family = {
  framing,
  bothWays: framing,
  silentMs: 1500,
  roundsPerStep: rounds - 1000,
  version: command('version', 0x03, [0x00]),
  stop: { ...command('stop', 0x28), mayFail: true },
  configure: ({ region, powerDbm }: RadioSettings) => [
    ...(region ? [command('region', 0x07, limits.m100.regions[region])] : []),
    command('power', setPower, [(powerDbm * 100) >>> 8, (powerDbm * 100) & 0xff]),
  ],
  cycle: () => [request(0x27, [0x22, rounds >>> 8, rounds & 0xff])],
  hear,
  firmware: (data) => printable(data.subarray(1)),
  describe,
}
