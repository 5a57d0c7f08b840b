import type { LineConfig } from './line.ts'
import type { Profile } from './profile.ts'
import { ProfileError } from './profile.ts'

/** The profile's waits for this kind of line. */
export function timingOf(
  profile: Profile,
  line: LineConfig,
): { replyMs: number; settleMs: number } {
  const timing = profile[line.transport]
  if (!timing) throw new ProfileError(`profile ${profile.id} says nothing about ${line.transport}`)
  return timing
}
