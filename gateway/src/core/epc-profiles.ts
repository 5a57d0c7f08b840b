import { checkProfiles, type EpcProfile } from '@lantai/contracts'
import { parseDocument } from 'yaml'
import { plainValue, yamlOptions } from './plain-yaml.ts'

export type EpcProfilesResult =
  | { ok: true; profiles: EpcProfile[] }
  | { ok: false; wrong: string[] }

/** Reads a list of numberings that are not GS1's (docs/epc.md). A bad list is refused whole, with every error. */
export function loadEpcProfiles(text: string): EpcProfilesResult {
  const doc = parseDocument(text, yamlOptions)
  if (doc.errors.length > 0) return { ok: false, wrong: doc.errors.map((e) => e.message) }
  const plain = plainValue(doc)
  if ('wrong' in plain) return { ok: false, wrong: [plain.wrong] }
  if (!Array.isArray(plain.value)) return { ok: false, wrong: ['it is no list of profiles'] }
  const wrong = checkProfiles(plain.value)
  return wrong.length > 0 ? { ok: false, wrong } : { ok: true, profiles: plain.value }
}
