/** Numbers with check digits. All of them lie in ranges that no authority issues, so test data shows. */
import { checkCharacter } from '@lantai/contracts'

/** GB 11643: ISO 7064 MOD 11-2 over the first 17 digits. */
export function personCheck(first17: string): string {
  const weights = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((s, w, i) => s + w * Number(first17[i]), 0)
  return '10X98765432'[sum % 11] as string
}

/** Area 999999 is assigned to no place. `birth` is YYYYMMDD, `serial` 0–999 (even = female). */
export function personNumber(birth: string, serial: number): string {
  const head = `999999${birth}${String(serial).padStart(3, '0')}`
  return head + personCheck(head)
}

/** GB 11714: check of the eight characters of an organisation code. */
export function organisationCheck(eight: string): string {
  const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ'
  const weights = [3, 7, 9, 10, 5, 8, 4, 2]
  const sum = weights.reduce((s, w, i) => s + w * digits.indexOf(eight[i] as string), 0)
  return '0123456789X'[(11 - (sum % 11)) % 11] as string
}

const unitAlphabet = '0123456789ABCDEFGHJKLMNPQRTUWXY'

/** GB 32100: check of the first 17 characters of a unified social credit code. */
export function unitCheck(first17: string): string {
  let sum = 0
  let weight = 1
  for (const c of first17) {
    sum += unitAlphabet.indexOf(c) * weight
    weight = (weight * 3) % 31
  }
  return unitAlphabet[(31 - (sum % 31)) % 31] as string
}

/** Department and kind (`91` company, `12` public institution, `11` state organ), area 999999, organisation code, check. */
export function unitNumber(kind: '91' | '12' | '11', serial: number): string {
  const eight = `MA${String(serial).padStart(6, '0')}`
  const head = `${kind}999999${eight}${organisationCheck(eight)}`
  return head + unitCheck(head)
}

/**
 * GIAI-96 as hex (GS1 TDS): header 34, filter 0, partition 0, 12-digit company prefix, asset reference.
 * 952 is GS1's own prefix for examples.
 */
export function giai96(asset: number): string {
  const prefix = 952_000_000_019n
  const bits = (0x34n << 88n) | (0n << 85n) | (0n << 82n) | (prefix << 42n) | BigInt(asset)
  return bits.toString(16).toUpperCase().padStart(24, '0')
}

/** A 96-bit TID: class E2, a maker and model, and a serial number. */
export function tid96(serial: number): string {
  return `E280116060000209${serial.toString(16).toUpperCase().padStart(8, '0')}`
}

const codeAlphabet = '0123456789ABCDEFGHJKLMNPQRSTUVWXYZ'

/** `LT` or `RC`, seven characters without meaning, check character. `draw` gives numbers below its argument. */
export function printedCode(prefix: 'LT' | 'RC', draw: (below: number) => number): string {
  let head: string = prefix
  for (let i = 0; i < 7; i++) head += codeAlphabet[draw(codeAlphabet.length)]
  return head + checkCharacter(head)
}
