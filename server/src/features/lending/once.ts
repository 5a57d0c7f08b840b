import { createHash } from 'node:crypto'
import { DomainError } from '../../http/domain-error.ts'
import type { SignedIn } from '../../http/signed-in.ts'
import type { Work } from '../../work.ts'
import { answerRequest, claimRequest, type Request, readRequest } from './store.ts'

/** Names a request by who asks for what; the hash tells a repetition from another use of the same id. */
export function requestOf(
  id: string,
  act: Request['act'],
  body: object,
  person: SignedIn,
): Request {
  const hash = createHash('sha256').update(JSON.stringify(body)).digest()
  return { id, act, person: person.id, hash }
}

/** Acts once for a request id, and answers a repetition with the loans of the first time. */
export async function once(
  { trx, site, now }: Work,
  request: Request,
  act: () => Promise<string[]>,
): Promise<string[]> {
  if (await claimRequest(trx, site, request, now)) {
    const ids = await act()
    await answerRequest(trx, site, request.id, ids)
    return ids
  }
  const before = await readRequest(trx, site, request.id)
  const same =
    before.act === request.act &&
    before.person_id === request.person &&
    before.hash.equals(request.hash)
  if (!same) throw new DomainError('conflict', 'this request id was used for something else')
  return before.loans
}
