import type { FactBody, Live } from '@lantai/contracts'
import type { Context } from '../context.ts'
import { onBankReports, onCommandTransition } from '../features/shelving/shelving.ts'

/** What a gateway shows live, beside the facts: never a record, and nothing may depend on its arriving. */
export interface Mirrors {
  live: readonly ((ctx: Context, gateway: string, live: Live) => unknown)[]
  res: readonly ((
    ctx: Context,
    gateway: string,
    transition: FactBody<'lantai.command.v1'>,
  ) => unknown)[]
}

/** Who listens. */
export const mirrors: Mirrors = { live: [onBankReports], res: [onCommandTransition] }
