import type { Role, SecrecyLevel } from '@lantai/contracts'

/** Whose request it is, as session and account say now: no right is cached (ASVS 8.3.2). */
export interface SignedIn {
  id: string
  name: string
  account: string
  roles: readonly Role[]
  clearance: SecrecyLevel
  sessionId: string
}
