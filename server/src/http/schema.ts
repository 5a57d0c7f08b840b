import type { TSchema } from 'typebox'
import { Compile, type Validator } from 'typebox/compile'
import { type FieldError, InvalidInput } from './problem.ts'

export function compile(schema: TSchema): Validator {
  return Compile(schema)
}

/** Throws `InvalidInput`. The value is never repeated in the message: it may be a person's number. */
export function check(validator: Validator, value: unknown, at: string): unknown {
  if (validator.Check(value)) return value
  throw new InvalidInput(fieldErrors(validator, value, at))
}

export const fieldErrors = (validator: Validator, value: unknown, at: string): FieldError[] =>
  validator
    .Errors(value)
    .slice(0, 20)
    .map((e) => ({
      path: `${at}${e.instancePath}`.slice(0, 200),
      message: e.message.slice(0, 300),
    }))

/** Query and path are text; numbers and booleans that the schema asks for are read from it, nothing else. */
export function coerce(schema: TSchema, raw: Record<string, unknown>): Record<string, unknown> {
  const fields = (schema as { properties?: Record<string, { type?: string }> }).properties ?? {}
  const out: Record<string, unknown> = { ...raw }
  for (const [key, field] of Object.entries(fields)) {
    const value = raw[key]
    if (typeof value !== 'string') continue
    if (field.type === 'integer' && /^-?\d{1,15}$/.test(value)) out[key] = Number(value)
    if (field.type === 'number' && /^-?\d{1,15}(\.\d{1,15})?$/.test(value)) out[key] = Number(value)
    if (field.type === 'boolean' && /^(true|false)$/.test(value)) out[key] = value === 'true'
  }
  return out
}
