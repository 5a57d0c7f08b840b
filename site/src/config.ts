import type { Static, TObject } from 'typebox'
import { Errors } from 'typebox/value'

export type ConfigResult<T> = { ok: true; config: T } | { ok: false; wrong: string[] }

/** Exit code for a configuration that cannot be used (sysexits.h EX_CONFIG): not worth a restart. */
export const configExitCode = 78

/** Reads one TypeBox object from `env`: type, default, coercion, and everything that is wrong at once. */
export function readConfig<T extends TObject>(
  schema: T,
  env: Record<string, string | undefined>,
): ConfigResult<Static<T>> {
  const raw: Record<string, unknown> = {}
  for (const [key, field] of Object.entries(schema.properties)) {
    const given = env[key]
    const { type, default: fallback } = field as { type?: string; default?: unknown }
    const value = given === undefined || given === '' ? fallback : given
    if (value === undefined) continue
    const numeric = type === 'integer' && typeof value === 'string' && /^-?\d+$/.test(value)
    raw[key] = numeric ? Number(value) : value
  }
  const wrong = Errors(schema, raw).flatMap((e) => explain(e))
  return wrong.length > 0 ? { ok: false, wrong } : { ok: true, config: raw as Static<T> }
}

// The value itself is never repeated: it may be a secret.
function explain(e: { instancePath: string; message: string; params: object }) {
  const missing = (e.params as { requiredProperties?: string[] }).requiredProperties
  if (missing) return missing.map((name) => `${name} is missing`)
  return [`${e.instancePath.slice(1) || 'environment'} ${e.message}`]
}

/** The same for a whole process: prints all that is wrong and ends with 78. */
export function configOrExit<T extends TObject>(schema: T): Static<T> {
  const result = readConfig(schema, process.env)
  if (result.ok) return result.config
  process.stderr.write(
    `Configuration cannot be used:\n${result.wrong.map((w) => `- ${w}\n`).join('')}`,
  )
  return process.exit(configExitCode)
}
