/** The lending desk as a pure state machine: card → boxes → done, one field, one scanner (ux 4.5). */
import type { BorrowerView, BoxCard, LendingCheck, LoanView } from '@lantai/contracts'
import type { ApiCode } from '../../lib/api.ts'

export type DeskMode = 'issue' | 'return' | 'ask'

export interface RefusalFacts {
  rule: ApiCode
  detail: string | null
}

export type IssueLine =
  | { key: string; code: string; state: 'checking' }
  | { key: string; code: string; state: 'ok'; check: LendingCheck }

/** A scan that was refused stays on top until a person dismisses it. */
export interface RefusedLine {
  key: string
  code: string
  title: string | null
  refusal: RefusalFacts
}

export interface ReturnedLine {
  loan: LoanView
  goesBackTo: string | null
  aisle: number | null
  bank: string | null
  undone: boolean
}

/** The last act of issuing: the answer to 办好了没有, until the next card. */
export interface IssuedAct {
  loans: readonly LoanView[]
  undone: readonly string[]
}

export interface DeskState {
  mode: DeskMode
  borrower: BorrowerView | null
  lines: IssueLine[]
  refused: RefusedLine[]
  returned: ReturnedLine[]
  issued: IssuedAct | null
  /** Boxes that were asked about, the newest first. */
  asked: BoxCard[]
  due: string
  /** One short sentence about the last scan, by key of the desk texts. */
  note: { key: string; code: string | null } | null
  /** An issue request is on its way: nothing else may be added to it. */
  sending: boolean
  /** Why the last request to issue was not answered well; `lost`: its result is unknown (rule D16). */
  failed: { problem: RefusalFacts; lost: boolean } | null
}

export const emptyDesk = (due: string, mode: DeskMode = 'issue'): DeskState => ({
  mode,
  borrower: null,
  lines: [],
  refused: [],
  returned: [],
  issued: null,
  asked: [],
  due,
  note: null,
  sending: false,
  failed: null,
})

export type DeskEvent =
  | { type: 'mode'; mode: DeskMode }
  | { type: 'card'; borrower: BorrowerView }
  | { type: 'scanned'; key: string; code: string }
  | { type: 'checked'; key: string; check: LendingCheck }
  | { type: 'refused'; key: string; code: string; title?: string | null; refusal: RefusalFacts }
  | { type: 'dismiss'; key: string }
  | { type: 'remove'; code: string }
  | { type: 'due'; due: string }
  | { type: 'sending' }
  | { type: 'sendFailed'; problem: RefusalFacts; lost: boolean }
  | { type: 'issued'; loans: readonly LoanView[] }
  | { type: 'returned'; line: Omit<ReturnedLine, 'undone'> }
  | { type: 'undone'; loan: string }
  | { type: 'asked'; box: BoxCard }
  | { type: 'note'; key: string; code?: string }
  | { type: 'clear'; due: string }

export function deskReducer(s: DeskState, e: DeskEvent): DeskState {
  switch (e.type) {
    case 'mode':
      // What was scanned for one act never slips into another.
      return e.mode === s.mode ? s : { ...emptyDesk(s.due, e.mode), returned: s.returned }
    case 'card':
      return { ...s, borrower: e.borrower, issued: null, note: null, ...keepLinesOf(s, e.borrower) }
    case 'scanned':
      return scanned(s, e.key, e.code)
    case 'checked':
      return checked(s, e.key, e.check)
    case 'refused':
      return {
        ...s,
        lines: s.lines.filter((l) => l.key !== e.key),
        refused: [refusedLine(e), ...s.refused.filter((r) => r.code !== e.code)],
        note: null,
      }
    case 'dismiss':
      return { ...s, refused: s.refused.filter((r) => r.key !== e.key) }
    case 'remove':
      return s.sending || s.failed?.lost
        ? s
        : { ...s, lines: s.lines.filter((l) => l.code !== e.code), note: null }
    case 'due':
      return { ...s, due: e.due }
    case 'sending':
      return { ...s, sending: true, note: null, failed: null }
    case 'sendFailed':
      return { ...s, sending: false, failed: { problem: e.problem, lost: e.lost } }
    case 'issued':
      return {
        ...s,
        lines: [],
        refused: [],
        sending: false,
        borrower: null,
        failed: null,
        issued: { loans: e.loans, undone: [] },
      }
    case 'returned':
      return {
        ...s,
        returned: [{ ...e.line, undone: false }, ...s.returned].slice(0, 20),
        refused: s.refused.filter((r) => r.code !== e.line.loan.box),
        note: null,
      }
    case 'undone':
      return {
        ...s,
        returned: s.returned.map((r) => (r.loan.loan === e.loan ? { ...r, undone: true } : r)),
        issued: s.issued && { ...s.issued, undone: [...s.issued.undone, e.loan] },
      }
    case 'asked':
      return {
        ...s,
        asked: [e.box, ...s.asked.filter((b) => b.code !== e.box.code)].slice(0, 10),
        note: null,
      }
    case 'note':
      return { ...s, note: { key: e.key, code: e.code ?? null } }
    case 'clear':
      return emptyDesk(e.due, s.mode)
  }
}

/** Another card starts another loan: boxes judged for one person are not judged for the next. */
const keepLinesOf = (s: DeskState, next: BorrowerView) =>
  s.borrower && s.borrower.card !== next.card ? { lines: [], refused: [] } : {}

function scanned(s: DeskState, key: string, code: string): DeskState {
  // While the result of a request is unknown its content must stay what it was.
  if (s.sending || s.failed?.lost) return s
  if (s.lines.some((l) => l.code === code)) return { ...s, note: { key: 'note.repeated', code } }
  return {
    ...s,
    lines: [{ key, code, state: 'checking' }, ...s.lines],
    refused: s.refused.filter((r) => r.code !== code),
    note: null,
  }
}

function checked(s: DeskState, key: string, check: LendingCheck): DeskState {
  const line = s.lines.find((l) => l.key === key)
  // The line was taken off, or its card changed, while the answer was on its way.
  if (!line) return s
  if (check.refusal !== null) {
    const refusal = { rule: check.refusal, detail: check.refusalDetail }
    return deskReducer(s, { type: 'refused', key, code: check.code, title: check.title, refusal })
  }
  // An EPC and a printed code of one box are one box.
  if (s.lines.some((l) => l.key !== key && l.code === check.code))
    return {
      ...s,
      lines: s.lines.filter((l) => l.key !== key),
      note: { key: 'note.repeated', code: check.code },
    }
  return {
    ...s,
    lines: s.lines.map((l) => (l.key === key ? { key, code: check.code, state: 'ok', check } : l)),
  }
}

const refusedLine = (e: Extract<DeskEvent, { type: 'refused' }>): RefusedLine => ({
  key: e.key,
  code: e.code,
  title: e.title ?? null,
  refusal: e.refusal,
})

/** Boxes that may go out now. */
export const readyCodes = (s: DeskState): string[] =>
  s.lines.flatMap((l) => (l.state === 'ok' ? [l.code] : []))

/** Done is possible when every scanned box has been judged and at least one may go. */
export const canFinish = (s: DeskState): boolean =>
  s.mode === 'issue' &&
  s.borrower !== null &&
  !s.borrower.expired &&
  !s.sending &&
  s.lines.length > 0 &&
  s.lines.every((l) => l.state === 'ok')

/** Which of the three beats is next. */
export const beatOf = (s: DeskState): 'card' | 'boxes' | 'done' =>
  s.borrower === null ? 'card' : s.lines.length === 0 ? 'boxes' : 'done'
