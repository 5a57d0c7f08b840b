import {
  type ConfigDrift,
  type ConfigSummary,
  contractVersion,
  type GatewayView,
} from '@lantai/contracts'

export interface Known {
  desired: { version: number; sha256: string } | null
  reported: { version: number; sha256: string } | null
  /** What the gateway said of the wanted version; null as long as it said nothing. */
  judged: 'applied' | 'rejected' | null
  /** Version and hash that the server keeps under the number that runs; null when it never saw it. */
  kept: { sha256: string } | null
}

/** What keeps wanted and running apart; null where they agree, and where nothing is known yet. */
export function driftOf({ desired, reported, judged, kept }: Known): ConfigDrift | null {
  if (!reported) return desired ? 'waiting' : null
  if (desired?.version === reported.version)
    return desired.sha256 === reported.sha256 ? null : 'other'
  if (kept?.sha256 !== reported.sha256) return 'other'
  if (!desired) return null
  if (judged === 'rejected') return 'rejected'
  // It ran the wanted version once and runs another now: its store was replaced, or somebody set it back.
  return judged === 'applied' || reported.version > desired.version ? 'other' : 'waiting'
}

export const noConfig: ConfigSummary = { desiredVersion: null, reportedVersion: null, drift: null }

/** Whether this server understands a gateway: one contract version older or newer, no more (ADR 12). */
export function fitsOf(contract: number | null): GatewayView['fits'] {
  if (contract === null) return 'unknown'
  const ahead = contract - contractVersion
  if (ahead === 0) return 'same'
  if (ahead < 0) return ahead === -1 ? 'older' : 'too-old'
  return ahead === 1 ? 'newer' : 'too-new'
}
