import type { Address } from '@lantai/contracts'
import { formatAddress, hasValidCheck, parseAddress } from '@lantai/contracts'
import { typedEpc } from '../boxes/boxes.ts'
import { fold } from './grams.ts'
import { standardDots } from './ref-code.ts'

/** What the one search field was given, in the words of the `search` route. */
export type Understood =
  | { readonly as: 'boxCode'; readonly prefix: string }
  | { readonly as: 'epc'; readonly epc: string }
  | { readonly as: 'place'; readonly place: string; readonly address: Address }
  | { readonly as: 'refCode'; readonly prefix: string }
  /** Exact only: a number is personal data and never completed for the asker. */
  | { readonly as: 'number'; readonly number: string }
  | { readonly as: 'initials'; readonly initials: string }
  | { readonly as: 'text'; readonly text: string }

const spoken =
  /^(\d{1,3})列\s*([AB])面?(?:\s*(\d{1,2})节(?:\s*(\d{1,2})层(?:\s*左起)?(?:第?\s*(\d{1,2})盒?)?)?)?$/

/** Reads what was typed or scanned. Never fails: what is nothing else is text. */
export function understand(typed: string): Understood {
  const q = typed.normalize('NFKC').trim()
  const upper = q.toUpperCase()
  if (isBoxCode(upper)) return { as: 'boxCode', prefix: upper }
  const address = parseAddress(upper) ?? parseSpoken(upper)
  if (address) return { as: 'place', place: formatAddress(address), address }
  const epc = typedEpc(upper)
  if (epc) return { as: 'epc', epc }
  if (isNumber(upper)) return { as: 'number', number: upper }
  if (/^[A-Z]\d{3}(-|$)/.test(upper)) return { as: 'refCode', prefix: refCodePrefix(upper) }
  if (/^[a-z]{2,20}$/i.test(q)) return { as: 'initials', initials: q.toLowerCase() }
  return { as: 'text', text: fold(q) }
}

/** A scanner gives the whole code; a person types its beginning, which has a digit sooner or later. */
const isBoxCode = (q: string): boolean =>
  (/^LT[0-9A-Z]{8}$/.test(q) && hasValidCheck(q)) || (/^LT[0-9A-Z]{1,8}$/.test(q) && /\d/.test(q))

/** Citizen numbers of 15 and 18 digits (GB 11643), unified social credit codes (GB 32100). */
const isNumber = (q: string): boolean =>
  /^(\d{15}|\d{17}[\dX])$/.test(q) || /^[0-9A-HJ-NPQRTUWXY]{18}$/.test(q)

/** Typed dots of any kind stand for `·`, for no keyboard has one. */
const refCodePrefix = (q: string): string => standardDots(q).replace(/[.。]/g, '·')

function parseSpoken(q: string): Address | null {
  const m = spoken.exec(q)
  if (!m) return null
  const [, column, side, section, shelf, slot] = m
  return parseAddress([`${Number(column)}${side}`, section, shelf, slot].filter(Boolean).join('-'))
}
