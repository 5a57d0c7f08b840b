/** The protocol-control word that a Gen2 tag sends before its EPC. Source: EPC Gen2, as in devices 4. */

export interface Pc {
  /** Length of the EPC in 16-bit words. */
  words: number
  userMemory: boolean
  /** Extended protocol control follows or is used. */
  xpc: boolean
  /** Toggle: what follows is no EPC of GS1, and the low byte is an application family identifier. */
  notGs1: boolean
  /** Null where the toggle says GS1. */
  afi: number | null
  /** The low byte as it is: attribute bits of GS1, or the family identifier. */
  low: number
}

/** A word is 0…65535; anything else is a RangeError. */
export function parsePc(word: number): Pc {
  if (!Number.isInteger(word) || word < 0 || word > 0xffff)
    throw new RangeError(`${word} is not a 16-bit word`)
  const notGs1 = ((word >> 8) & 1) === 1
  const low = word & 0xff
  return {
    words: word >> 11,
    userMemory: ((word >> 10) & 1) === 1,
    xpc: ((word >> 9) & 1) === 1,
    notGs1,
    afi: notGs1 ? low : null,
    low,
  }
}

const hexDigitsAWord = 4
/** The EPC has exactly the length that its PC word says. */
export const fitsPc = (epc: string, { words }: Pc): boolean => epc.length === words * hexDigitsAWord
