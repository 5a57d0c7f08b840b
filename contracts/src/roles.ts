import { OneOf } from './schema.ts'

/** Roles; a person may hold several, but never auditOfficer together with systemOfficer or securityOfficer. */
export const roleNames = [
  'archivist',
  'runner',
  'facilities',
  'desk',
  'systemOfficer',
  'securityOfficer',
  'auditOfficer',
] as const
export type Role = (typeof roleNames)[number]
export const Role = OneOf(roleNames)

/** Everyone who works in the room; the three officers see neither content nor steel (reliability 4.4). */
export const staff = ['archivist', 'runner', 'facilities', 'desk'] as const satisfies Role[]

/** 公开 < 内部 < 秘密 < 机密 < 绝密. Clearance and secrecy share this order. */
export const secrecyLevels = ['open', 'internal', 'secret', 'confidential', 'topSecret'] as const
export type SecrecyLevel = (typeof secrecyLevels)[number]
export const SecrecyLevel = OneOf(secrecyLevels)

/** True when `clearance` may see an object of `level`. */
export const clears = (clearance: SecrecyLevel, level: SecrecyLevel): boolean =>
  secrecyLevels.indexOf(clearance) >= secrecyLevels.indexOf(level)
