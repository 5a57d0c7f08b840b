import { readFileSync } from 'node:fs'
import { Closed } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import { Errors } from 'typebox/value'
import { parse } from 'yaml'

/** The file behind `OPCUA_VIEW_FILE`. It holds no password, only what one is checked against. */
export const OpcUaViewSettings = Closed({
  port: Type.Integer({ minimum: 0, maximum: 65_535 }),
  /** Address to listen at; left out: this machine alone. */
  host: Type.Optional(Type.String({ pattern: '^[A-Za-z0-9.:-]{1,253}$' })),
  users: Type.Array(
    Closed({
      name: Type.String({ minLength: 1, maxLength: 80 }),
      /** `scrypt$N$r$p$salt$key`, as in the roster. */
      hash: Type.String({
        pattern: '^scrypt\\$\\d+\\$\\d+\\$\\d+\\$[A-Za-z0-9+/=]+\\$[A-Za-z0-9+/=]+$',
      }),
    }),
    { minItems: 1, maxItems: 50 },
  ),
})
export type OpcUaViewSettings = Static<typeof OpcUaViewSettings>

/** The settings, or everything that is wrong with them at once. */
export function loadOpcUaView(file: string): { settings: OpcUaViewSettings } | { wrong: string[] } {
  const raw: unknown = parse(readFileSync(file, 'utf8'))
  const wrong = [...Errors(OpcUaViewSettings, raw)].map((e) => `${e.instancePath} ${e.message}`)
  return wrong.length > 0 ? { wrong } : { settings: raw as OpcUaViewSettings }
}
