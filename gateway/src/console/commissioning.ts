import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { Acts } from './acts.ts'
import { type Act, Aisle, BankParams, Closed, Credentials, Revision } from './fields.ts'
import type { Sessions } from './sessions.ts'

/** Commissioning of a bank by people who stand before it (rules S1, S11). */
export function commissioning(act: Act, acts: Acts, sessions: Sessions) {
  const bankOf = (req: FastifyRequest) => (req.params as { bank: string }).bank
  const trial = Closed({
    aisle: Aisle,
    seenRevision: Revision,
    confirmedOnSite: Type.Literal(true),
  })
  act('/local/banks/:bank/commissioning/trial', { params: BankParams, body: trial }, (req, me) => {
    const { aisle, seenRevision } = req.body as { aisle: number; seenRevision: number }
    return acts.trial(bankOf(req), aisle, seenRevision, me)
  })
  const saw = Closed({
    opened: Type.Union([Aisle, Type.Null()]),
    confirmedOnSite: Type.Literal(true),
  })
  act('/local/banks/:bank/commissioning/saw', { params: BankParams, body: saw }, (req, me) =>
    acts.saw(bankOf(req), (req.body as { opened: number | null }).opened, me),
  )
  const both = { params: BankParams, body: Closed({ second: Credentials }) }
  act('/local/banks/:bank/commissioning/accept-inputs', both, async (req, me) => {
    const { second } = req.body as { second: { account: string; password: string } }
    const other = await sessions.check(second.account, second.password)
    if (!other.ok) return { ok: false, reason: `second person: ${other.code}` }
    return acts.acceptInputs(bankOf(req), me, other.person)
  })
}
