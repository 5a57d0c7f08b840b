/** 请求停止 and what became of it. A stop may be repeated at any time; its end is told only as reported (rule S7). */
import { api, type CommandView } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { call } from './api.ts'
import { createStore, useStore } from './store.ts'

/** Per bank: the last stop that this page asked for. */
export type StopState = CommandView['state'] | 'unsent'
export interface StopTry {
  readonly state: StopState
  readonly reason: string | null
}
export const stopTries = createStore<ReadonlyMap<string, StopTry>>(new Map())

const ended: readonly StopState[] = ['refused', 'done', 'failed', 'unknown', 'expired', 'unsent']
/** The worst first: of several banks the page tells the one that needs a person. */
const order: readonly StopState[] = [
  'unsent',
  'failed',
  'refused',
  'unknown',
  'expired',
  'running',
  'requested',
  'accepted',
  'done',
]

/** Asked this often until the end is known, for at most {@link followMs}; then the result counts as unknown. */
const askEveryMs = 500
const followMs = 12_000

const note = (bank: string, state: StopState, reason: string | null) =>
  stopTries.set((now) => new Map(now).set(bank, { state, reason }))

const pause = (ms: number) => new Promise<void>((done) => setTimeout(done, ms))

async function follow(bank: string, first: CommandView): Promise<void> {
  const until = performance.now() + followMs
  let command = first
  note(bank, command.state, command.reason)
  while (!ended.includes(command.state)) {
    if (performance.now() > until) return note(bank, 'unknown', null)
    await pause(askEveryMs)
    try {
      command = await call(api.shelving.getCommand, { params: { command: first.command } })
    } catch {
      // No answer to the question is no answer about the stop: it stays as last heard until the time is over.
      continue
    }
    note(bank, command.state, command.reason)
  }
}

/** How long a result stays on the screen: a reported stop is soon the past, a failed one needs a person. */
const doneStaysMs = 8_000
const troubleStaysMs = 60_000

/** Takes the result of one bank off the screen, unless another request has replaced it. */
function fade(bank: string): void {
  const shown = stopTries.get().get(bank)
  if (!shown) return
  const clear = () =>
    stopTries.set((now) => {
      if (now.get(bank) !== shown) return now
      const rest = new Map(now)
      rest.delete(bank)
      return rest
    })
  setTimeout(clear, shown.state === 'done' ? doneStaysMs : troubleStaysMs)
}

/** Asks every one of `banks` to stop. Never throws: what went wrong is the result. */
export async function requestStop(banks: readonly string[]): Promise<void> {
  await Promise.all(
    banks.map(async (bank) => {
      note(bank, 'requested', null)
      try {
        await follow(bank, await call(api.shelving.requestStop, { params: { bank } }))
      } catch {
        note(bank, 'unsent', null)
      }
      fade(bank)
    }),
  )
}

/** Of the tries of `banks`, the one that needs a person most. */
export function worstTry(
  tries: ReadonlyMap<string, StopTry>,
  banks: readonly string[],
): StopTry | null {
  let worst: StopTry | null = null
  for (const [bank, t] of tries)
    if (banks.includes(bank) && (!worst || order.indexOf(t.state) < order.indexOf(worst.state)))
      worst = t
  return worst
}

export const isTrouble = (state: StopState): boolean =>
  ['unsent', 'failed', 'refused', 'unknown', 'expired'].includes(state)

/** Requests a stop of `banks`, and tells what became of it. */
export function useStop(banks: readonly string[]) {
  const { t } = useTranslation()
  const worst = worstTry(useStore(stopTries), banks)
  return {
    request: (list: readonly string[] = banks) => void requestStop(list),
    message: worst
      ? t(`stop.${worst.state}`, { reason: worst.reason ?? t('stop.noReason') })
      : null,
    trouble: worst !== null && isTrouble(worst.state),
  }
}
