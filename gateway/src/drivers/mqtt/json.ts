/** Careful reading of other people's JSON. Absent is absent, and a wrong type is as good as absent or an error. */

export type Json = Readonly<Record<string, unknown>>

export const isObject = (v: unknown): v is Json =>
  typeof v === 'object' && v !== null && !Array.isArray(v)

/** A finite number; a number in a string is none. */
export const numberAt = (o: Json, key: string): number | undefined => {
  const v = o[key]
  return typeof v === 'number' && Number.isFinite(v) ? v : undefined
}
export const textAt = (o: Json, key: string): string | undefined => {
  const v = o[key]
  return typeof v === 'string' ? v : undefined
}
export const wholeAt = (o: Json, key: string, least: number, most: number): number | undefined => {
  const v = numberAt(o, key)
  return v !== undefined && Number.isInteger(v) && v >= least && v <= most ? v : undefined
}

/** Whole 16-bit words as upper-case hex, as an EPC or TID is written; undefined for anything else. */
export const hexWords = (text: string | undefined): string | undefined =>
  text !== undefined && /^([0-9A-Fa-f]{4}){1,31}$/.test(text) ? text.toUpperCase() : undefined

/** Both alphabets of base64 occur (`+/` and `-_`), with and without padding. */
export function base64Words(text: string | undefined): string | undefined {
  if (text === undefined || !/^[A-Za-z0-9+/_-]+={0,2}$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  const whole = bytes.toString('base64').replace(/=+$/, '')
  const given = text.replace(/=+$/, '').replace(/-/g, '+').replace(/_/g, '/')
  return whole === given ? hexWords(bytes.toString('hex')) : undefined
}

const form = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})(\.\d+)?(Z|[+-]\d{2}:?\d{2})$/

/** Wall milliseconds; a zone may lack its colon (`+0000`), a fraction may have any length. */
export function instantMs(text: string | undefined): number | undefined {
  const found = form.exec(text ?? '')
  if (!found) return undefined
  const [, date, time, fraction = '', zone = 'Z'] = found
  const colon = zone === 'Z' || zone.includes(':') ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`
  const ms = Date.parse(`${date}T${time}${fraction.slice(0, 4)}${colon}`)
  return Number.isNaN(ms) ? undefined : ms
}

/** A PC word as the makers write it: four hex digits, a number, or two bytes of base64. */
export function pcWord(o: Json, key: string): number | undefined {
  const v = o[key]
  if (typeof v === 'number') return Number.isInteger(v) && v >= 0 && v <= 0xffff ? v : undefined
  if (typeof v !== 'string') return undefined
  const hex = /^[0-9A-Fa-f]{4}$/.test(v) ? v : v.length === 4 ? base64Words(v) : undefined
  return hex?.length === 4 ? Number.parseInt(hex, 16) : undefined
}
