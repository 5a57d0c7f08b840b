/**
 * Numbering of tags that are no EPCs of GS1: those that an archive has had for years. A profile is data, written by
 * hand in YAML; docs/epc.md explains it. It never borrows a header of GS1 (devices 4, domain 3.11).
 */
import { type Static, Type } from 'typebox'
import { checkCharacter, hasValidCheck } from '../check-character.ts'
import { Name } from '../ids.ts'
import { Closed, OneOf } from '../schema.ts'
import { shapeChecker } from '../shape-checker.ts'
import { allOnes, isHex, toBits } from './bits.ts'
import { isGs1Header } from './schemes.ts'

const Hex = Type.String({ pattern: '^[0-9A-F]+$', maxLength: 124 })

const Field = Closed({
  name: Type.String({ pattern: '^[a-z][a-z0-9_]{0,19}$' }),
  /** Bit from which it begins; 0 is the first of the EPC. */
  at: Type.Integer({ minimum: 0, maximum: 495 }),
  bits: Type.Integer({ minimum: 1, maximum: 496 }),
  /** A binary number, or ASCII letters and digits of eight bits, filled up with zero bytes. */
  as: OneOf(['number', 'text']),
  /** A number is written with leading zeros to this many digits, and has no more. */
  digits: Type.Optional(Type.Integer({ minimum: 1, maximum: 38 })),
})
export type ProfileField = Static<typeof Field>

export const EpcProfile = Closed({
  name: Name,
  /** Length of the EPC in 16-bit words. */
  words: Type.Integer({ minimum: 1, maximum: 31 }),
  match: Closed({
    /** The PC word says "not GS1" and names this family. */
    afi: Type.Optional(Type.Integer({ minimum: 0, maximum: 255 })),
    /** The EPC begins with this. */
    prefix: Type.Optional(Hex),
    /** The bits under the mask are these; as long as the EPC. */
    mask: Type.Optional(Hex),
    value: Type.Optional(Hex),
  }),
  fields: Type.Array(Field, { minItems: 1, maxItems: 16 }),
  /** The last field of `over`, as text, is the check of the others. */
  check: Type.Optional(
    Closed({
      by: OneOf(['mod10', 'mod37-36']),
      over: Type.Array(Type.String(), { minItems: 2, maxItems: 16 }),
    }),
  ),
  /** The box code, with fields in braces; `*` stands for its check character. `LT{serial}*` */
  box: Type.String({ minLength: 1, maxLength: 80 }),
})
export type EpcProfile = Static<typeof EpcProfile>

export interface Pattern {
  bits: number
  mask: bigint
  value: bigint
}

/** Which bits of the EPC must be what. */
export function patternOf({ words, match }: EpcProfile): Pattern {
  const bits = words * 16
  const { prefix = '', mask = '0', value = '0' } = match
  const room = BigInt(bits - prefix.length * 4)
  return {
    bits,
    mask: toBits(mask) | (allOnes(prefix.length * 4) << room),
    value: toBits(value) | (prefix === '' ? 0n : toBits(prefix) << room),
  }
}

export const fieldMask = ({ at, bits }: ProfileField, all: number): bigint =>
  at + bits > all ? 0n : allOnes(bits) << BigInt(all - at - bits)

const shape = shapeChecker(EpcProfile)

/** What is wrong with a list of profiles, each line beginning with a name; two that fit one tag are an error. */
export function checkProfiles(list: readonly unknown[]): string[] {
  const wrong: string[] = []
  const good: EpcProfile[] = []
  for (const [i, given] of list.entries()) {
    const misshapen = shape(given)
    if (misshapen.length > 0) wrong.push(...misshapen.map((w) => `${i}: ${w}`))
    else good.push(given as EpcProfile)
  }
  for (const p of good) wrong.push(...checkOne(p).map((w) => `${p.name}: ${w}`))
  for (const [i, a] of good.entries())
    for (const b of good.slice(i + 1)) {
      if (a.name === b.name) wrong.push(`${a.name}: there are two of this name`)
      if (overlap(a, b)) wrong.push(`${a.name}: a tag may fit ${b.name} too`)
    }
  return wrong
}

/** Some PC word and EPC fit both. */
function overlap(a: EpcProfile, b: EpcProfile): boolean {
  if (a.words !== b.words) return false
  const families = [a.match.afi, b.match.afi]
  if (!families.includes(undefined) && a.match.afi !== b.match.afi) return false
  const [p, q] = [patternOf(a), patternOf(b)]
  return (p.mask & q.mask & (p.value ^ q.value)) === 0n
}

function checkOne(p: EpcProfile): string[] {
  const { match, words } = p
  const wrong: string[] = []
  const long = words * 4
  if ((match.prefix?.length ?? 0) > long) return ['match.prefix is longer than the EPC']
  if ((match.mask === undefined) !== (match.value === undefined))
    wrong.push('match.mask and match.value go together')
  for (const part of ['mask', 'value'] as const)
    if (match[part] !== undefined && match[part].length !== long)
      wrong.push(`match.${part} has not the ${long} digits of the EPC`)
  if (wrong.length > 0) return wrong
  const { mask, value, bits } = patternOf(p)
  if ((value & ~mask) !== 0n) wrong.push('match.value has bits outside the mask')
  const first = bits - 8
  const whole = mask >> BigInt(first) === 0xffn
  // Without the family only the bits themselves can say that this is none of GS1's.
  if (match.afi === undefined && (!whole || isGs1Header(Number(value >> BigInt(first)))))
    wrong.push('match needs an afi, or a first byte that is no header of GS1')
  return [...wrong, ...checkFields(p, mask, bits)]
}

function checkFields(p: EpcProfile, mask: bigint, bits: number): string[] {
  const wrong: string[] = []
  let taken = mask
  const names = p.fields.map((f) => f.name)
  for (const f of p.fields) {
    if (f.at + f.bits > bits) wrong.push(`field ${f.name} ends behind the EPC`)
    const own = fieldMask(f, bits)
    if ((own & taken) !== 0n) wrong.push(`field ${f.name} lies on other bits`)
    taken |= own
    if (f.as === 'text' && f.bits % 8 !== 0) wrong.push(`field ${f.name}: text has whole bytes`)
    if (f.as === 'text' && f.digits !== undefined)
      wrong.push(`field ${f.name}: digits are for numbers`)
  }
  if (new Set(names).size !== names.length) wrong.push('two fields have one name')
  const used = [...(p.check?.over ?? []), ...[...p.box.matchAll(/\{([^}]*)\}/g)].map((m) => m[1])]
  for (const name of used)
    if (name === undefined || !names.includes(name)) wrong.push(`there is no field ${name}`)
  return wrong
}

/** The box code that the template makes of these fields; null when it is none, or its check character is wrong. */
export function boxCodeOf(template: string, fields: ReadonlyMap<string, string>): string | null {
  const filled = template.replaceAll(/\{([^}]*)\}/g, (_, name: string) => fields.get(name) ?? '')
  const body = filled.slice(0, -1)
  const code =
    filled.endsWith('*') && /^[0-9A-Z]+$/.test(body) ? body + checkCharacter(body) : filled
  return /^LT[0-9A-Z]{8}$/.test(code) && hasValidCheck(code) ? code : null
}

export const isProfileHex = (text: string, { words }: EpcProfile) =>
  isHex(text) && text.length === words * 4
