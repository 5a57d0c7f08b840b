/** The desk's acts: every code that arrives is judged at once; only 完成 issues anything. */
import { api, type LoanView } from '@lantai/contracts'
import { useReducer, useRef } from 'react'
import { useTranslation } from 'react-i18next'
import { ApiProblem, call, isUnknownOutcome } from '../../lib/api.ts'
import { refetchRoute } from '../../lib/query.ts'
import { classifyScan } from '../../lib/scan-code.ts'
import { playSound, type SoundName } from '../../lib/sound.ts'
import { serverNow } from '../../lib/time.ts'
import { showToast } from '../../lib/toasts.ts'
import {
  canFinish,
  type DeskEvent,
  type DeskMode,
  type DeskState,
  deskReducer,
  emptyDesk,
  type RefusalFacts,
  readyCodes,
} from './desk-state.ts'
import { addDays, dayOf, daysBetween, defaultLoanDays, isDay } from './due-date.ts'
import { newRequestId } from './request-id.ts'

export const today = (): string => dayOf(new Date(serverNow()))
export const defaultDue = (): string => addDays(today(), defaultLoanDays)
export const isGoodDue = (due: string): boolean => isDay(due) && daysBetween(today(), due) > 0

const refusalOf = (e: unknown): RefusalFacts =>
  e instanceof ApiProblem
    ? { rule: e.code, detail: e.detail ?? null }
    : { rule: 'internal', detail: null }

interface Tools {
  now: () => DeskState
  dispatch: (e: DeskEvent) => void
  say: (text: string, options: Record<string, string | number>) => string
}

export function useDesk(mode: DeskMode) {
  const { t } = useTranslation('desk')
  const [state, raw] = useReducer(deskReducer, undefined, () => emptyDesk(defaultDue(), mode))
  const latest = useRef(state)
  // The next scan may come before React has drawn this one: it must already see its effect.
  const dispatch = (e: DeskEvent) => {
    latest.current = deskReducer(latest.current, e)
    raw(e)
  }
  const tools: Tools = {
    now: () => latest.current,
    dispatch,
    say: (key, options) => t(key as 'title', options),
  }
  const pendingId = useRef<PendingIssue | null>(null)
  const finish = () => void issue(tools, pendingId)
  return { state, dispatch, finish, submit: (text: string) => submit(tools, finish, text) }
}

const note = (tools: Tools, sound: SoundName, key: string, code: string) => {
  playSound(sound)
  tools.dispatch({ type: 'note', key: `note.${key}`, code })
}

/** One string from the scanner, the reader or the keyboard. */
function submit(tools: Tools, finish: () => void, text: string): void {
  const code = classifyScan(text)
  switch (code.kind) {
    case 'card':
      void onCard(tools, finish, code.code)
      break
    case 'box':
      void onBox(tools, code.code)
      break
    case 'epc':
      void onBox(tools, code.epc)
      break
    case 'place':
      note(tools, 'attention', 'place', text.trim())
      break
    case 'misread':
      note(tools, 'error', 'misread', code.text)
      break
    case 'other':
      if (code.text === '') finish()
      else note(tools, 'error', 'notACode', code.text.slice(0, 60))
  }
}

async function onCard(tools: Tools, finish: () => void, card: string): Promise<void> {
  const s = tools.now()
  if (s.mode === 'return') return note(tools, 'attention', 'notNeeded', card)
  // The card again means: done.
  if (s.mode === 'issue' && s.borrower?.card === card && s.lines.length > 0) return finish()
  try {
    const borrower = await call(api.lending.getBorrower, { params: { card } })
    tools.dispatch({ type: 'card', borrower })
    const late = borrower.loans.some((l) => l.overdue)
    playSound(borrower.expired ? 'error' : late ? 'overdue' : 'good')
  } catch (e) {
    playSound('error')
    tools.dispatch({ type: 'refused', key: card, code: card, refusal: refusalOf(e) })
  }
}

function onBox(tools: Tools, code: string): Promise<void> {
  const { mode } = tools.now()
  if (mode === 'return') return giveBack(tools, code)
  return mode === 'ask' ? ask(tools, code) : judge(tools, code)
}

let scans = 0

async function judge(tools: Tools, code: string): Promise<void> {
  const s = tools.now()
  if (s.sending) return note(tools, 'attention', 'wait', code)
  if (!s.borrower) return note(tools, 'attention', 'cardFirst', code)
  const repeated = s.lines.some((l) => l.code === code)
  const key = `scan-${++scans}`
  tools.dispatch({ type: 'scanned', key, code })
  if (repeated) return playSound('attention')
  try {
    const body = { card: s.borrower.card, code }
    const check = await call(api.lending.checkBox, { body })
    tools.dispatch({ type: 'checked', key, check })
    playSound(check.refusal === null ? 'good' : 'error')
  } catch (e) {
    playSound('error')
    tools.dispatch({ type: 'refused', key, code, refusal: refusalOf(e) })
  }
}

/** Requests of returns whose answer was lost: the same box asks again with the same number (rule D16). */
const openReturns = new Map<string, string>()

async function giveBack(tools: Tools, code: string): Promise<void> {
  const requestId = openReturns.get(code) ?? newRequestId()
  openReturns.set(code, requestId)
  try {
    const line = await call(api.lending.returnBox, { body: { code, requestId } })
    openReturns.delete(code)
    tools.dispatch({ type: 'returned', line })
    playSound(line.loan.overdue ? 'overdue' : 'good')
    const what = tools.say('returned.was', { name: line.loan.borrower, code: line.loan.box })
    showToast(what, { undo: { what, run: () => undoLoans(tools, [line.loan]) } })
    void refetchRoute(api.lending.listLoans)
  } catch (e) {
    if (!isUnknownOutcome(e)) openReturns.delete(code)
    playSound('error')
    tools.dispatch({ type: 'refused', key: code, code, refusal: refusalOf(e) })
  }
}

async function ask(tools: Tools, code: string): Promise<void> {
  try {
    const box = await call(api.boxes.getBox, { params: { box: code } })
    tools.dispatch({ type: 'asked', box })
    playSound('good')
  } catch (e) {
    playSound('error')
    tools.dispatch({ type: 'refused', key: code, code, refusal: refusalOf(e) })
  }
}

async function undoLoans(tools: Tools, loans: readonly LoanView[]): Promise<void> {
  for (const l of loans) {
    await call(api.lending.undoLending, { params: { loan: l.loan } })
    tools.dispatch({ type: 'undone', loan: l.loan })
  }
  void refetchRoute(api.lending.listLoans)
}

/** Third beat. A lost answer keeps its request number, so that sending again issues nothing twice (rule D16). */
interface PendingIssue {
  id: string
  /** What was asked for: a number never serves another content. */
  content: string
}

async function issue(tools: Tools, pending: { current: PendingIssue | null }): Promise<void> {
  const s = tools.now()
  if (s.mode !== 'issue' || s.sending) return
  if (!s.borrower) return
  if (!canFinish(s)) {
    const judging = s.lines.some((l) => l.state === 'checking')
    return note(tools, 'attention', judging ? 'judging' : 'nothing', '')
  }
  if (!isGoodDue(s.due)) return note(tools, 'error', 'dueBad', '')
  const asked = { card: s.borrower.card, codes: readyCodes(s), due: s.due }
  const content = JSON.stringify(asked)
  if (pending.current?.content !== content) pending.current = { id: newRequestId(), content }
  tools.dispatch({ type: 'sending' })
  const body = { ...asked, requestId: pending.current.id }
  try {
    const { loans } = await call(api.lending.issueBoxes, { body })
    pending.current = null
    playSound('done')
    const what = tools.say('issued', { name: s.borrower.name, n: loans.length, due: s.due })
    showToast(what, { undo: { what, run: () => undoLoans(tools, loans) } })
    tools.dispatch({ type: 'issued', loans })
    tools.dispatch({ type: 'due', due: defaultDue() })
    void refetchRoute(api.lending.listLoans)
  } catch (e) {
    playSound('error')
    const lost = isUnknownOutcome(e)
    if (!lost) pending.current = null
    tools.dispatch({ type: 'sendFailed', problem: refusalOf(e), lost })
  }
}
