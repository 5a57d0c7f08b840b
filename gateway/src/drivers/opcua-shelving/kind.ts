import { BankPlace, Closed, Name } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { OpcUaServer, opcUaProcess, serverClaim } from '../opcua/settings.ts'
import { common, words } from '../schema.ts'
import { accepting } from '../shelving/place.ts'

/** One bank of mobile shelving behind an OPC UA server; which nodes it has is the named map. */
export const OpcUaShelving = Closed({
  ...common('opcua-shelving'),
  ...BankPlace.properties,
  server: OpcUaServer,
  map: Name,
  /** The bank's own part of the node names, for the map's `{at}`. */
  at: Type.String({
    maxLength: 80,
    pattern: '^[A-Za-z0-9_./-]+$',
    ...words('节点前缀', 'Node prefix'),
  }),
  everyMs: Type.Integer({ minimum: 50, maximum: 5000, ...words('周期 ms', 'Every ms') }),
})
export type OpcUaShelving = Static<typeof OpcUaShelving>

export const kind: DriverKind<typeof OpcUaShelving> = {
  driver: 'opcua-shelving',
  words: { zh: 'OPC UA 密集架', en: 'Mobile shelving (OPC UA)' },
  schema: OpcUaShelving,
  process: opcUaProcess,
  facets: ({ bank, room, columns, notProvided }) => ({
    bank: { bank, room, columns, notProvided, ...accepting(notProvided) },
  }),
  claims: ({ server, at }) => [serverClaim(server, `bank ${at}`)],
  load: async () => (await import('./driver.ts')).createOpcUaShelvingDriver,
}
