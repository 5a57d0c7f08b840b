import { AirLimits, AirPoint, Closed } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { common, Host, hostName, Port, words } from '../schema.ts'

/** A thermometer that answers in lines of text over TCP; nobody sells it (docs/add-a-driver.md). */
export const Example = Closed({
  ...common('example'),
  host: Host,
  port: Port,
  everyMs: Type.Integer({ minimum: 100, maximum: 3_600_000, ...words('周期 ms', 'Every ms') }),
  sensor: AirPoint,
  limits: AirLimits,
})
export type Example = Static<typeof Example>

export const kind: DriverKind<typeof Example> = {
  driver: 'example',
  words: { zh: '示例温湿度计', en: 'Example thermometer' },
  schema: Example,
  facets: ({ sensor, limits, everyMs }) => ({ air: { sensors: [sensor], limits, everyMs } }),
  claims: ({ host, port }) => [{ key: `${hostName(host)}:${port}`, at: 'host' }],
  load: async () => (await import('./driver.ts')).createExampleDriver,
}
