import { Closed, ReaderRole } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { OpcUaServer, opcUaProcess, serverClaim } from '../opcua/settings.ts'
import { common, words } from '../schema.ts'

/** RFID reader with the AutoID companion specification (OPC 30010). */
export const OpcUaAutoId = Closed({
  ...common('opcua-autoid'),
  server: OpcUaServer,
  role: ReaderRole,
  /** Browse name of the reader under DeviceSet, where the server has several. */
  reader: Type.Optional(
    Type.String({ minLength: 1, maxLength: 80, ...words('读写器节点名', 'Reader node name') }),
  ),
})
export type OpcUaAutoId = Static<typeof OpcUaAutoId>

export const kind: DriverKind<typeof OpcUaAutoId> = {
  driver: 'opcua-autoid',
  words: { zh: 'OPC UA AutoID 读写器', en: 'RFID reader (OPC UA AutoID)' },
  schema: OpcUaAutoId,
  process: opcUaProcess,
  facets: ({ role }) => ({ reader: { role } }),
  claims: ({ server, reader }) => [serverClaim(server, `reader ${reader ?? 'only'}`)],
  load: async () => (await import('./driver.ts')).createAutoIdDriver,
}
