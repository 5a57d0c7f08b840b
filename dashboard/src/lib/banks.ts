/** Every bank as the server last heard of it, with ages that go on counting in the page. */
import { api, type BankView } from '@lantai/contracts'
import { useLiveRoom } from './live.ts'
import { useCall } from './query.ts'
import { allows, useMe } from './session.ts'
import { createStore, useStore } from './store.ts'

export interface HeardBank {
  readonly view: BankView
  /** `performance.now()` when the view arrived: ages inside it are counted from here. */
  readonly heardAt: number
}

const banks = createStore<ReadonlyMap<string, HeardBank>>(new Map())

function take(views: readonly BankView[]) {
  const heardAt = performance.now()
  banks.set((now) => {
    const next = new Map(now)
    for (const view of views) next.set(view.bank, { view, heardAt })
    return next
  })
}
export const forgetBanks = (): void => banks.set(new Map())

/** Keeps the banks fresh; mounted once, by the shell. */
export function useBankFeed(): void {
  const may = allows(useMe(), api.shelving.listBanks.access)
  const list = useCall(api.shelving.listBanks, {}, { enabled: false })
  const fetchNow = () => {
    if (!may) return
    void list.refetch().then((r) => r.data && take(r.data.banks))
  }
  useLiveRoom('shelving', { onDelta: (d) => take(d.banks), onResync: fetchNow })
}

/** Banks in the order of their ids, as reported; nothing is inferred from what was asked. */
export function useBanks(): readonly HeardBank[] {
  const all = useStore(banks)
  return [...all.values()].sort((a, b) => a.view.bank.localeCompare(b.view.bank))
}

export const useBank = (bank: string): HeardBank | null => useStore(banks).get(bank) ?? null

/** Reported moving, or a motion command is under way whose end nobody has reported. */
export function isMoving({ view }: HeardBank): boolean {
  if (view.report?.observed?.motion === 'moving') return true
  const c = view.command
  if (!c || !['open', 'close', 'ventilate'].includes(c.verb)) return false
  return ['requested', 'accepted', 'running'].includes(c.state) && !c.awaitsApproval
}

/** Age of the controller's last word at `mono`; null when there never was one. */
export function ageOfBank({ view, heardAt }: HeardBank, mono = performance.now()): number | null {
  const age = view.report?.ageMs
  if (age === null || age === undefined) return null
  return age + (view.heardAgoMs ?? 0) + (mono - heardAt)
}
