import { Name } from '@lantai/contracts'
import { type Static, type TObject, Type } from 'typebox'
import { Errors } from 'typebox/value'

const Path = Type.String({ minLength: 1 })

/** Everything the server is told from outside. Secrets live in files below `SERVER_SECRETS_DIR`. */
export const ServerConfig = Type.Object({
  LANTAI_SITE: Name,
  DATABASE_URL: Type.String({ pattern: '^postgres(ql)?://' }),
  /** Only for migrations and imports; the server closes it before it listens (rule L4). */
  OWNER_DATABASE_URL: Type.String({ pattern: '^postgres(ql)?://' }),
  MQTT_URL: Type.String({ pattern: '^mqtts://' }),
  MQTT_CA: Path,
  MQTT_CERT: Path,
  MQTT_KEY: Path,
  SERVER_HOST: Type.String({ minLength: 1, default: '127.0.0.1' }),
  SERVER_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 0 }),
  SERVER_SECRETS_DIR: Path,
  PUBLIC_ORIGIN: Type.String({
    pattern: '^https?://[^/,]+(,https?://[^/,]+)*$',
    description: 'comma list of the Origins that browsers may come from',
  }),
  LOG_LEVEL: Type.String({ pattern: '^(fatal|error|warn|info|debug|trace)$', default: 'info' }),
})
export type ServerConfig = Static<typeof ServerConfig>

export type ConfigResult<T> = { ok: true; config: T } | { ok: false; wrong: string[] }

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
function explain(e: { keyword: string; instancePath: string; message: string; params: object }) {
  const missing = (e.params as { requiredProperties?: string[] }).requiredProperties
  if (missing) return missing.map((name) => `${name} is missing`)
  return [`${e.instancePath.slice(1) || 'environment'} ${e.message}`]
}

/** What one value cannot say: contradictions and insecure choices. */
export function contradictions(c: ServerConfig): string[] {
  const wrong: string[] = []
  const user = (url: string) => URL.parse(url)?.username ?? ''
  if (user(c.DATABASE_URL) === user(c.OWNER_DATABASE_URL))
    wrong.push('DATABASE_URL and OWNER_DATABASE_URL must be different roles (rule L4)')
  for (const origin of c.PUBLIC_ORIGIN.split(',')) {
    const at = URL.parse(origin)
    const local = at && ['localhost', '127.0.0.1', '[::1]'].includes(at.hostname)
    if (at?.protocol === 'http:' && !local)
      wrong.push(`PUBLIC_ORIGIN ${origin} is plain http and not this machine; use https`)
  }
  return wrong
}
