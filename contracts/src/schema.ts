import { type Static, type TSchema, Type } from 'typebox'

/** One of a list of words, as JSON Schema `anyOf` of constants. */
export const OneOf = <const T extends readonly string[]>(words: T, options: object = {}) =>
  Type.Unsafe<T[number]>({ type: 'string', enum: [...words], ...options })

/** The value, or null where it is not known. Unknown stays unknown; it is never filled in. */
export const Nullable = <T extends TSchema>(schema: T) =>
  Type.Unsafe<Static<T> | null>({ anyOf: [schema, { type: 'null' }] })

/** A closed object: a field that is not described is an error. */
export const Closed = <T extends Record<string, TSchema>>(fields: T, options: object = {}) =>
  Type.Object(fields, { additionalProperties: false, ...options })

/** RFC 3339 UTC instant with milliseconds, as `2026-11-22T06:03:11.482Z`. */
export const Instant = Type.String({
  pattern: '^\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?Z$',
  maxLength: 30,
  description: 'RFC 3339 UTC instant',
})

/** A calendar day of the site, `2026-11-22`. */
export const Day = Type.String({ pattern: '^\\d{4}-\\d\\d-\\d\\d$', maxLength: 10 })

export const Text = (maxLength: number, description?: string) =>
  Type.String({ maxLength, ...(description ? { description } : {}) })
