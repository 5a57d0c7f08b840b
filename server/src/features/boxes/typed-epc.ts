const whole = /^([0-9A-F]{4}){4,31}$/
/** As labels print it: equal groups of two or four digits. From 96 bits on, since shorter it may be years or a date. */
const grouped = /^(?:[0-9A-F]{2}(?:[ :-][0-9A-F]{2}){11,61}|[0-9A-F]{4}(?:[ :-][0-9A-F]{4}){5,30})$/

/** The EPC that somebody typed or scanned, in capitals and without gaps; null when it is none. */
export function typedEpc(text: string): string | null {
  const upper = text.trim().toUpperCase()
  const digits = grouped.test(upper) ? upper.replaceAll(/[ :-]/g, '') : upper
  return whole.test(digits) ? digits : null
}
