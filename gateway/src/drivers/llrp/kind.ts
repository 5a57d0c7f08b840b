import { Closed, ReaderRole } from '@lantai/contracts'
import { type Static, Type } from 'typebox'
import type { DriverKind } from '../driver.ts'
import { common, Host, Port, words } from '../schema.ts'

/** RFID reader over LLRP. */
export const LlrpReader = Closed({
  ...common('llrp'),
  host: Host,
  port: Port,
  role: ReaderRole,
  session: Type.Optional(
    Type.Integer({ minimum: 0, maximum: 3, ...words('Gen2 会话', 'Gen2 session') }),
  ),
})
export type LlrpReader = Static<typeof LlrpReader>

export const kind: DriverKind<typeof LlrpReader> = {
  driver: 'llrp',
  words: { zh: 'LLRP 固定式读写器', en: 'Fixed RFID reader (LLRP)' },
  schema: LlrpReader,
  facets: ({ role }) => ({ reader: { role } }),
  claims: ({ host, port }) => [{ key: `reader ${host.toLowerCase()}:${port}`, at: 'port' }],
  load: async () => (await import('./driver.ts')).createLlrpDriver,
}
