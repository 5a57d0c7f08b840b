import { Name } from '@lantai/contracts'
import { type Static, type TObject, Type } from 'typebox'
import { Errors } from 'typebox/value'

const Path = Type.String({ minLength: 1 })

/** Everything the gateway is told from outside, apart from the device list. */
export const GatewayConfig = Type.Object({
  LANTAI_SITE: Name,
  GATEWAY_ID: Name,
  /** Outbox, latches and roster: one file, which never leaves this machine. */
  GATEWAY_DATA_DIR: Path,
  DEVICES_FILE: Path,
  MQTT_URL: Type.String({ pattern: '^mqtts://' }),
  MQTT_CA: Path,
  MQTT_CERT: Path,
  MQTT_KEY: Path,
  /** The server's public keys, PEM, pinned at enrolment. */
  SERVER_COMMAND_PUB: Path,
  SERVER_LEDGER_PUB: Path,
  CONSOLE_HOST: Type.String({ pattern: '^(127\\.0\\.0\\.1|::1|localhost)$', default: '127.0.0.1' }),
  CONSOLE_PORT: Type.Integer({ minimum: 0, maximum: 65_535, default: 0 }),
  /** Megabytes of unacknowledged records; shared out over the lanes in fixed parts. */
  OUTBOX_MAX_MB: Type.Integer({ minimum: 16, maximum: 1_000_000, default: 512 }),
  /** `protocol` gives each protocol a process of its own, for some 40 MB each. */
  DRIVER_ISOLATION: Type.Unsafe<'one' | 'protocol'>({
    type: 'string',
    enum: ['one', 'protocol'],
    default: 'one',
  }),
  /** Numberings of tags that are not GS1's; read again every five seconds (docs/epc.md). */
  EPC_PROFILES_FILE: Type.Optional(Path),
  /** Settings of the Sparkplug B publisher; without it there is none (docs/northbound.md). */
  SPARKPLUG_FILE: Type.Optional(Path),
  /** Settings of the OPC UA view of the room; without it there is none (docs/northbound.md). */
  OPCUA_VIEW_FILE: Type.Optional(Path),
  LOG_LEVEL: Type.String({ pattern: '^(fatal|error|warn|info|debug|trace)$', default: 'info' }),
})
export type GatewayConfig = Static<typeof GatewayConfig>

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
function explain(e: { instancePath: string; message: string; params: object }) {
  const missing = (e.params as { requiredProperties?: string[] }).requiredProperties
  if (missing) return missing.map((name) => `${name} is missing`)
  return [`${e.instancePath.slice(1) || 'environment'} ${e.message}`]
}
