/** A tag read by the profile that fits it. */
import { checkCharacter } from '../check-character.ts'
import { toBits } from './bits.ts'
import { fitsPc, type Pc } from './pc.ts'
import {
  boxCodeOf,
  type EpcProfile,
  fieldMask,
  isProfileHex,
  type ProfileField,
  patternOf,
} from './profile.ts'

export type ProfileReading =
  | { ok: true; profile: string; fields: ReadonlyMap<string, string>; box: string }
  | { ok: false; profile: string; reason: 'value' | 'unused-bits' | 'check' | 'box-code' }

/** Null when it does not fit. Without a PC word no family is known, and a profile that needs one does not fit. */
export function readProfile(
  profile: EpcProfile,
  text: string,
  pc: Pc | null = null,
): ProfileReading | null {
  if (!isProfileHex(text, profile) || (pc && !fitsPc(text, pc))) return null
  const { afi } = profile.match
  if (afi !== undefined && pc?.afi !== afi) return null
  const { mask, value, bits } = patternOf(profile)
  const epc = toBits(text)
  if ((epc & mask) !== value) return null
  const no = (reason: 'value' | 'unused-bits' | 'check' | 'box-code'): ProfileReading => ({
    ok: false,
    profile: profile.name,
    reason,
  })
  const used = profile.fields.reduce((all, f) => all | fieldMask(f, bits), mask)
  if ((epc & ~used) !== 0n) return no('unused-bits')
  const fields = new Map<string, string>()
  for (const f of profile.fields) {
    const read = fieldOf(f, (epc >> BigInt(bits - f.at - f.bits)) & ((1n << BigInt(f.bits)) - 1n))
    if (read === null) return no('value')
    fields.set(f.name, read)
  }
  if (profile.check && !checks(profile.check, fields)) return no('check')
  const box = boxCodeOf(profile.box, fields)
  return box === null ? no('box-code') : { ok: true, profile: profile.name, fields, box }
}

function fieldOf({ as, bits, digits }: ProfileField, value: bigint): string | null {
  if (as === 'number') {
    const text = value.toString().padStart(digits ?? 1, '0')
    return digits !== undefined && text.length > digits ? null : text
  }
  const hex = value.toString(16).padStart(bits / 4, '0')
  const bytes = hex.match(/../g)?.map((pair) => Number.parseInt(pair, 16)) ?? []
  const end = bytes.indexOf(0)
  const used = end < 0 ? bytes : bytes.slice(0, end)
  // Behind the first zero there is nothing but zeros, and nothing that cannot be printed stands before it.
  if (end >= 0 && bytes.slice(end).some((b) => b !== 0)) return null
  const text = String.fromCharCode(...used)
  return /^[0-9A-Za-z]*$/.test(text) ? text : null
}

function checks(
  { by, over }: NonNullable<EpcProfile['check']>,
  fields: ReadonlyMap<string, string>,
): boolean {
  const values = over.map((name) => fields.get(name) ?? '')
  const given = values.pop() ?? ''
  const body = values.join('')
  if (by === 'mod37-36') return /^[0-9A-Z]+$/.test(body) && checkCharacter(body) === given
  return /^[0-9]+$/.test(body) && mod10(body) === given
}

/** GS1's check digit: weights 3 and 1 from the right. */
function mod10(digits: string): string {
  const sum = [...digits].reverse().reduce((s, d, i) => s + Number(d) * (i % 2 === 0 ? 3 : 1), 0)
  return String((10 - (sum % 10)) % 10)
}
