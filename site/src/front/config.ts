import { type Static, Type } from 'typebox'

export const FrontConfig = Type.Object({
  LANTAI_PORT: Type.Integer({ minimum: 1, maximum: 65_535, default: 8080 }),
  LANTAI_HOST: Type.String({ minLength: 1, maxLength: 253, default: 'localhost' }),
  /** Further names of this machine, as browsers write them, separated by commas; `LANTAI_HOST` and localhost are served always. */
  LANTAI_HOSTS: Type.String({ pattern: '^[A-Za-z0-9.,:\\[\\]-]*$', maxLength: 1000, default: '' }),
  /** `1` when a TLS proxy on this machine stands before us. */
  LANTAI_BEHIND_TLS: Type.String({ pattern: '^[01]$', default: '0' }),
  SERVER_URL: Type.String({ pattern: '^http://(127\\.0\\.0\\.1|localhost|\\[::1\\]):\\d+$' }),
  DASHBOARD_DIR: Type.String({ pattern: '^/' }),
  LOG_LEVEL: Type.String({ pattern: '^(fatal|error|warn|info|debug|trace)$', default: 'info' }),
})
export type FrontConfig = Static<typeof FrontConfig>

/** Every name that a request may be for. */
export const servedHosts = (c: FrontConfig): string[] => [
  ...['localhost', '127.0.0.1', '[::1]', c.LANTAI_HOST],
  ...c.LANTAI_HOSTS.split(',').filter((h) => h !== ''),
]

/** Session cookies are Secure: plain http is for this machine alone (reliability 4.3). */
export function contradictions(c: FrontConfig): string[] {
  const local = ['localhost', '127.0.0.1', '::1'].includes(c.LANTAI_HOST)
  return local || c.LANTAI_BEHIND_TLS === '1'
    ? []
    : [
        `LANTAI_HOST ${c.LANTAI_HOST} is not this machine and LANTAI_BEHIND_TLS is not set; put a TLS proxy before it`,
      ]
}
