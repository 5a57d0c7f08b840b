/** Invelion and Yanzeo modules with an R2000 [known: no text was at hand]. */
import { twos8 } from './checks.ts'
import type { Command, Family, Heard } from './family.ts'
import { hex, isEpc, u16 } from './family.ts'
import { closed, type Framing } from './framing.ts'
import { limits } from './limits.ts'

/** `len` counts from the address to the check; a variant puts C0 behind it. */
const framed = (end: number | null): Framing => ({
  start: 0xa0,
  length: { at: 1, bytes: 1, adds: [end === null ? 2 : 3] },
  shortest: end === null ? 5 : 6,
  longest: 257,
  check: { from: 0, bytes: 1, order: 'high-first', of: twos8 },
  end,
})
export const framing = framed(null)
export const framingC0 = framed(0xc0)

const everyone = 0xff
const workAntenna = 0x74
const realTime = 0x89
const success = 0x10
/** RSSI goes as a number from 0, which is −129 dBm. */
const rssiZero = -129
/** Antenna, rate and total at the end of a round; antenna and error when it failed. */
const [lengthOfEnd, lengthOfError] = [7, 2]

const requestIn =
  (f: Framing) =>
  (code: number, data: readonly number[] = []) =>
    closed(f, [0xa0, data.length + 3, everyone, code, ...data])
export const request = requestIn(framing)

function hearData(code: number, data: Uint8Array): Heard {
  if (code === realTime) {
    if (data.length === lengthOfEnd || data.length === 1) return { roundOver: true }
    if (data.length === lengthOfError)
      return { roundOver: true, bad: `inventory error ${hex(data.subarray(1))}` }
    const epc = data.subarray(3, -1)
    if (!isEpc(epc)) return { bad: 'a tag without an EPC of whole words' }
    const [where = 0] = data
    const rssiDbm = (data.at(-1) as number) + rssiZero
    const place = { antenna: (where & 3) + 1, channel: where >>> 2 }
    return { reads: [{ epc: hex(epc), pc: u16(data, 1), ...place, rssiDbm, count: 1 }] }
  }
  const ok = data.length !== 1 || data[0] === success
  const why = ok ? {} : { why: `error ${hex(data)}` }
  const next = code === workAntenna ? { roundOver: true as const } : {}
  return { answer: { code, ok, data, ...why }, ...next }
}

function create(f: Framing): Family {
  const build = requestIn(f)
  const tail = f.end === null ? -1 : -2
  const command = (what: string, code: number, data: readonly number[] = []): Command => ({
    what,
    code,
    bytes: build(code, data),
  })
  const hear = (frame: Uint8Array) => hearData(frame[3] ?? 0, frame.subarray(4, tail))
  return {
    framing: f,
    bothWays: f,
    silentMs: 2000,
    roundsPerStep: 1,
    version: command('version', 0x72),
    stop: null,
    configure: ({ region, powerDbm, antennas = [1] }) => [
      ...(region ? [command('region', 0x78, limits.invelion.regions[region])] : []),
      // Until power-off: the lasting form wears the flash out.
      command('power', 0x66, [powerDbm]),
      command('antenna', workAntenna, [(antennas[0] as number) - 1]),
    ],
    cycle: ({ antennas = [1] }) => {
      const round = build(realTime, [1])
      if (antennas.length === 1) return [round]
      return antennas.flatMap((a) => [build(workAntenna, [a - 1]), round])
    },
    hear,
    firmware: (data) => (data.length >= 2 ? `${data[0]}.${data[1]}` : null),
    describe: (frame) => {
      const base = { address: frame[2], command: hex(frame.subarray(3, 4)) }
      const [read] = hear(frame).reads ?? []
      return read ? { ...base, ...read } : { ...base, data: hex(frame.subarray(4, tail)) }
    },
  }
}

export const invelion = create(framing)
export const invelionC0 = create(framingC0)
