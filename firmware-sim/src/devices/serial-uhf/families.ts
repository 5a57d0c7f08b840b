import { cf600, chafon } from './chafon.ts'
import { invelion } from './invelion.ts'
import { m100 } from './m100.ts'
import type { FamilyName, Speech } from './speech.ts'
import { thingmagic } from './thingmagic.ts'

export const speeches: Readonly<Record<FamilyName, Speech>> = {
  m100,
  chafon,
  cf600,
  thingmagic,
  invelion,
}
