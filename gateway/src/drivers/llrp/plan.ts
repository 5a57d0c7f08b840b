import type { Capabilities } from './capabilities.ts'
import type { LlrpReader } from './kind.ts'

/** An FX9600 gave no tags until session 0 (sllurp/sllurp#115). */
const defaultSession = 0
/** LLRP: antenna 0 is all of them. */
const allAntennas = 0

export interface Rounds {
  periodMs: number
  quietMs: number
  longestMs: number
}

/** What one reader is told to do: the entry's wishes in the indices of this reader's own tables. */
export interface Plan {
  session: number
  /** Null where the reader has no table: then it stays with its own. */
  mode: number | null
  transmitter: { hopTable: number; channel: number } | null
  /** Antenna 0 is all. Power null where the reader has no table. */
  antennas: { antenna: number; powerIndex: number | null }[]
  rounds: Rounds | null
}

/** A text says why this reader cannot do what the entry asks. */
export function planOf(device: LlrpReader, caps: Capabilities): Plan | string {
  const wished = device.antennas ?? [{ antenna: allAntennas }]
  const beyond = wished.find((a) => a.antenna > caps.antennas)
  if (beyond) return `antenna ${beyond.antenna} of ${caps.antennas}`
  const mode = device.mode ?? caps.modes[0] ?? null
  if (device.mode !== undefined && !caps.modes.includes(device.mode))
    return `RF mode ${device.mode} is not among ${caps.modes.join(', ')}`
  const antennas: Plan['antennas'] = []
  for (const { antenna, powerDbm } of wished) {
    const powerIndex = powerIndexOf(caps, powerDbm ?? device.powerDbm)
    if (typeof powerIndex === 'string') return powerIndex
    antennas.push({ antenna, powerIndex })
  }
  const { channels } = caps
  const { everySeconds, ...ends } = device.rounds ?? { everySeconds: 0, quietMs: 0, longestMs: 0 }
  return {
    session: device.session ?? defaultSession,
    mode,
    // A hopping reader chooses by itself; a fixed one gets the first of its channels.
    transmitter: channels && { hopTable: channels.hopTable, channel: channels.hopping ? 0 : 1 },
    antennas,
    rounds: device.rounds ? { periodMs: everySeconds * 1000, ...ends } : null,
  }
}

/** Never more power than was asked for. */
function powerIndexOf(
  { powers }: Capabilities,
  wanted: number | undefined,
): number | null | string {
  if (wanted === undefined) return powers.at(-1)?.index ?? null
  const [weakest] = powers
  if (!weakest) return 'the reader has no table of powers to choose from'
  const best = powers.filter((p) => p.dBm <= wanted).at(-1)
  return best?.index ?? `${wanted} dBm is less than this reader's weakest, ${weakest.dBm} dBm`
}

/** The numbers of the antennas that a plan asks, as far as a fact holds them. */
export function antennasOf(plan: Plan | null, caps: Capabilities | null): number[] {
  const asked = plan?.antennas.map((a) => a.antenna) ?? []
  if (!asked.includes(allAntennas)) return asked
  return Array.from({ length: Math.min(caps?.antennas ?? 0, 64) }, (_, i) => i + 1)
}
