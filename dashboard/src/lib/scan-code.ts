/** What a scanned or typed string is. It is recognised exactly or not at all; nothing is guessed (ux 6). */
import { type Address, hasValidCheck, parseAddress } from '@lantai/contracts'

export type ScanCode =
  | { readonly kind: 'box'; readonly code: string }
  | { readonly kind: 'card'; readonly code: string }
  | { readonly kind: 'place'; readonly address: Address }
  | { readonly kind: 'epc'; readonly epc: string }
  /** The shape of one of our codes, but its check character is wrong: a misread. */
  | { readonly kind: 'misread'; readonly text: string }
  | { readonly kind: 'other'; readonly text: string }

/** The place that a column's QR holds: `…/stacks/R1?at=12A-3-4-2`. */
function placeOfLink(text: string): Address | null {
  const at = /\/stacks\/R\d{1,3}\?(?:.*&)?at=([0-9A-Za-z-]+)/.exec(text)?.[1]
  return at ? parseAddress(at) : null
}

export function classifyScan(raw: string): ScanCode {
  const text = raw.trim()
  const upper = text.toUpperCase()
  if (/^(LT|RC)[0-9A-Z]{8}$/.test(upper)) {
    if (!hasValidCheck(upper)) return { kind: 'misread', text }
    return { kind: upper.startsWith('LT') ? 'box' : 'card', code: upper }
  }
  const address = parseAddress(text) ?? placeOfLink(text)
  if (address) return { kind: 'place', address }
  if (/^([0-9A-F]{4}){6,31}$/.test(upper)) return { kind: 'epc', epc: upper }
  return { kind: 'other', text }
}
