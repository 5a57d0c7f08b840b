/** ThingMagic M6e, M6e Nano and M7e [src: open code of SparkFun and ThingMagic; antenna list known]. */
import { augmented, gen2 } from './checks.ts'
import type { Command, Family, Heard } from './family.ts'
import { hex, i8, isEpc, u16 } from './family.ts'
import { closed, type Framing } from './framing.ts'
import { limits } from './limits.ts'

/** `len` counts the data only; a reply has two bytes of status before them that a request has not. */
const framed = (adds: readonly number[]): Framing => ({
  start: 0xff,
  length: { at: 1, bytes: 1, adds },
  shortest: Math.min(...adds),
  longest: 262,
  check: { from: 1, bytes: 2, order: 'high-first', of: augmented },
  end: null,
})
const toModule = framed([5])
export const framing = framed([7])
const bothWays = framed([5, 7])

const version = 0x03
const readMultiple = 0x22
const continuous = 0x2f
const gen2Protocol = 0x05
/** No tag within the last second: the module is alive. */
const noTagFound = 0x0400

export const request = (code: number, data: readonly number[] = []): Uint8Array =>
  closed(toModule, [0xff, data.length, code, ...data])
const command = (what: string, code: number, data: readonly number[] = []): Command => ({
  what,
  code,
  bytes: request(code, data),
})

/** Metadata 001B: read count, RSSI, antenna, frequency, time, phase, protocol, data; then bits of PC, EPC and CRC. */
function tag(data: Uint8Array): Heard {
  const embedded = Math.ceil(u16(data, 19) / 8)
  const bits = u16(data, 22 + embedded)
  const whole = data.subarray(24 + embedded)
  const epc = whole.subarray(2, -2)
  if (bits !== whole.length * 8 || !isEpc(epc))
    return { bad: 'a tag whose EPC does not fit its length' }
  if (gen2(whole.subarray(0, -2)) !== u16(whole, whole.length - 2))
    return { bad: 'the CRC of the EPC does not fit' }
  const antenna = (data[8] ?? 0) >>> 4
  const frequencyKhz = ((data[9] ?? 0) << 16) | u16(data, 10)
  const rest = { pc: u16(whole, 0), antenna, rssiDbm: i8(data[7]), frequencyKhz }
  return { reads: [{ epc: hex(epc), ...rest, count: Math.max(1, data[6] ?? 1) }] }
}
const shortestTag = 24 + 6

function hear(frame: Uint8Array): Heard {
  const code = frame[2] ?? 0
  const status = u16(frame, 3)
  const data = frame.subarray(5, -2)
  if (code === readMultiple) {
    if (status === noTagFound) return {}
    if (status !== 0) return { bad: `read status ${hex(frame.subarray(3, 5))}` }
    return data.length >= shortestTag ? tag(data) : {}
  }
  const ok = status === 0
  const why = ok ? {} : { why: `status ${hex(frame.subarray(3, 5))}` }
  return { answer: { code, ok, data, ...why } }
}

function describe(frame: Uint8Array): Record<string, unknown> {
  const opcode = hex(frame.subarray(2, 3))
  if (frame.length === (frame[1] ?? 0) + 5)
    return { type: 'request', opcode, data: hex(frame.subarray(3, -2)) }
  const base = { type: 'reply', opcode, status: hex(frame.subarray(3, 5)) }
  const heard = hear(frame)
  const bad = heard.bad ? { bad: heard.bad } : {}
  const [read] = heard.reads ?? []
  return read ? { ...base, ...read } : { ...base, ...bad, data: hex(frame.subarray(5, -2)) }
}

export const thingmagic: Family = {
  framing,
  bothWays,
  // It says every second that it is alive.
  silentMs: 3000,
  roundsPerStep: null,
  version: command('version', version),
  stop: { ...command('stop', continuous, [0x00, 0x00, 0x02]), mayFail: true },
  configure: ({ region, powerDbm, antennas = [1] }) => [
    ...(region ? [command('region', 0x97, limits.thingmagic.regions[region])] : []),
    command('protocol', 0x93, [0x00, gen2Protocol]),
    antennas.length === 1
      ? command('antenna', 0x91, [antennas[0] as number, antennas[0] as number])
      : command('antennas', 0x91, [0x02, ...antennas.flatMap((a) => [a, a])]),
    command('power', 0x92, [(powerDbm * 100) >>> 8, (powerDbm * 100) & 0xff]),
  ],
  cycle: () => [
    request(
      continuous,
      [0, 0, 1, 0x22, 0, 0, 5, 0x07, 0x22, 0x10, 0, 0x1b, 0x03, 0xe8, 0x01, 0xff],
    ),
  ],
  hear,
  firmware: (data) => (data.length >= 12 ? hex(data.subarray(8, 12)) : null),
  describe,
}
