/** What the search field does with a text and a key; pure. Enter never picks a suggestion by accident (ux 6.8). */
import type { Hit } from '@lantai/contracts'
import { classifyScan } from '../../lib/scan-code.ts'

/** Where a hit or an exact code leads. */
export type Goal =
  | { to: 'stack'; box: string }
  | { to: 'stack'; at: string }
  | { to: 'stack'; household: string; box?: string }
  | { to: 'desk' }

export function goalOf(hit: Hit): Goal | null {
  switch (hit.kind) {
    case 'subject':
      return { to: 'stack', household: hit.key }
    case 'place':
      return { to: 'stack', at: hit.place ?? hit.key }
    case 'box':
      return { to: 'stack', box: hit.box ?? hit.key }
    case 'file':
      return hit.box ? { to: 'stack', box: hit.box } : null
  }
}

/** A text that names exactly one thing by its form, without asking anybody. */
export type Exact =
  | { kind: 'box'; code: string }
  | { kind: 'place'; at: string }
  | { kind: 'epc'; epc: string }
  | { kind: 'card'; code: string }
  | { kind: 'misread'; text: string }

export function exactOf(text: string): Exact | null {
  const code = classifyScan(text)
  switch (code.kind) {
    case 'box':
    case 'card':
      return { kind: code.kind, code: code.code }
    case 'place': {
      const { column, side, section, shelf, slot } = code.address
      const at = [`${column}${side}`, section, shelf, slot].filter((p) => p !== undefined).join('-')
      return { kind: 'place', at }
    }
    case 'epc':
      return { kind: 'epc', epc: code.epc }
    case 'misread':
      return { kind: 'misread', text: code.text }
    case 'other':
      return null
  }
}

/** The chosen row after a key; -1 is none. Nothing is ever chosen before a person moves. */
export function moveChoice(at: number, key: string, count: number): number | null {
  if (count === 0) return null
  if (key === 'ArrowDown') return at + 1 >= count ? 0 : at + 1
  if (key === 'ArrowUp') return at <= 0 ? count - 1 : at - 1
  return null
}

/** One Han character says too little; any other single character does as well. */
export const isSearchable = (text: string): boolean => [...text.trim()].length >= 2
