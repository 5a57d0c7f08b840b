/** What a tag says: an EPC of GS1, a numbering of the archive's own, or raw bytes that are kept and shown. */
import { type Epc96, type RawReason, readGs1 } from './gs1.ts'
import { type Pc, parsePc } from './pc.ts'
import type { EpcProfile } from './profile.ts'
import { type ProfileReading, readProfile } from './profile-reading.ts'

export type TagReading =
  | { kind: 'gs1'; epc: Epc96; pc: Pc | null }
  | { kind: 'profile'; reading: Extract<ProfileReading, { ok: true }>; pc: Pc | null }
  | {
      kind: 'raw'
      hex: string
      pc: Pc | null
      reason: RawReason | Extract<ProfileReading, { ok: false }>['reason']
      /** The scheme of the standard or the profile that it looks like; null for none. */
      looksLike: string | null
    }

/** `pcWord` where the reader gave it. The profiles must have passed `checkProfiles`, so that at most one fits. */
export function readTag(
  hex: string,
  pcWord: number | null = null,
  profiles: readonly EpcProfile[] = [],
): TagReading {
  const pc = pcWord === null ? null : parsePc(pcWord)
  for (const profile of profiles) {
    const reading = readProfile(profile, hex, pc)
    if (!reading) continue
    if (reading.ok) return { kind: 'profile', reading, pc }
    return { kind: 'raw', hex, pc, reason: reading.reason, looksLike: reading.profile }
  }
  const read = readGs1(hex, pc)
  return read.ok
    ? { kind: 'gs1', epc: read.epc, pc }
    : { kind: 'raw', hex, pc, reason: read.reason, looksLike: read.scheme }
}
