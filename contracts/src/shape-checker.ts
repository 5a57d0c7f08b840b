import type { TSchema } from 'typebox'
import { Compile } from 'typebox/compile'

/**
 * Compiles a schema once; the checker lists what is wrong with a value, at most 20 lines, none when it fits.
 * Values are never repeated in the lines: they may be somebody's data.
 */
export function shapeChecker(schema: TSchema): (value: unknown) => string[] {
  const compiled = Compile(schema)
  return (value) =>
    compiled.Check(value)
      ? []
      : compiled
          .Errors(value)
          .slice(0, 20)
          .map((e) => `${e.instancePath || '/'} ${e.message}`)
}
