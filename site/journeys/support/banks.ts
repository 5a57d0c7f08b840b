import type { BankView } from '@lantai/contracts'
import { expect } from 'vitest'
import { until } from '../../src/testing.ts'
import type { Visitor } from '../stage.ts'

export const allBanks = ['B1', 'B2', 'B3', 'B4'] as const

export async function viewOf(visitor: Visitor, bank: string): Promise<BankView | undefined> {
  const { body } = await visitor.api('/api/shelving')
  return (body as unknown as { banks: BankView[] }).banks.find((b) => b.bank === bank)
}

/** After the gateway's start: somebody has looked, and says so (rule S3). */
export async function releaseBanks(visitor: Visitor, banks: readonly string[] = allBanks) {
  for (const bank of banks) {
    // A gateway that has only just connected cannot be asked yet.
    await until(async () => ((await viewOf(visitor, bank))?.heardAgoMs ?? 9999) < 1000)
    const asked = { method: 'POST', body: { reason: '巡库完毕' } }
    expect(await visitor.api(`/api/shelving/${bank}/release`, asked)).toMatchObject({ status: 200 })
  }
}
