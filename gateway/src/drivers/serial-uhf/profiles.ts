import { cf600 } from './cf600.ts'
import { chafon } from './chafon.ts'
import type { Family } from './family.ts'
import { invelion, invelionC0 } from './invelion.ts'
import type { FamilyName } from './limits.ts'
import { m100 } from './m100.ts'
import { thingmagic } from './thingmagic.ts'

const profiles: Readonly<Record<FamilyName, Family>> = { m100, chafon, cf600, thingmagic, invelion }

/** `endByte` is the variant of Invelion that puts C0 behind the check. */
export const profileOf = (family: FamilyName, endByte = false): Family =>
  family === 'invelion' && endByte ? invelionC0 : profiles[family]
