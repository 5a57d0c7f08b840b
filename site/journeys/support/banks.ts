import type { BankView, CommandView } from '@lantai/contracts'
import { until } from '../../src/testing.ts'
import type { Visitor } from '../stage.ts'

export const allBanks = ['B1', 'B2', 'B3', 'B4'] as const

export async function viewOf(visitor: Visitor, bank: string): Promise<BankView | undefined> {
  const { body } = await visitor.api('/api/shelving')
  return (body as unknown as { banks: BankView[] }).banks.find((b) => b.bank === bank)
}

/** How a request that was sent has ended. */
async function endOf(visitor: Visitor, id: string): Promise<string> {
  let state = ''
  await until(async () => {
    const { body } = await visitor.api(`/api/shelving/commands/${id}`)
    state = (body as unknown as CommandView).state
    return !['requested', 'accepted', 'running'].includes(state)
  })
  return state
}

/** A gateway that has only just connected cannot be asked yet, and it refuses while one of its inputs is late. */
async function isReleased(visitor: Visitor, bank: string): Promise<boolean> {
  const view = await viewOf(visitor, bank)
  if (!view?.report || (view.heardAgoMs ?? 9999) >= 1000) return false
  if (!view.report.inhibitions.some((i) => i.kind === 'boot')) return true
  const asked = { method: 'POST', body: { reason: '巡库完毕' } }
  const { status, body } = await visitor.api(`/api/shelving/${bank}/release`, asked)
  return (
    status === 200 && (await endOf(visitor, (body as unknown as CommandView).command)) === 'done'
  )
}

/** After the gateway's start: somebody has looked, and says so (rule S3); who is refused asks again. */
export async function releaseBanks(visitor: Visitor, banks: readonly string[] = allBanks) {
  for (const bank of banks) await until(() => isReleased(visitor, bank))
}
