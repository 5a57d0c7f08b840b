/** Centre: refusals on top until dismissed, then what was scanned, newest first; and what to do next. */
import { useTranslation } from 'react-i18next'
import { EmptyState } from '../../ui/empty-state.tsx'
import { AskedList } from './asked-list.tsx'
import {
  canFinish,
  type DeskState,
  type IssueLine,
  type RefusedLine,
  readyCodes,
} from './desk-state.ts'
import { IssuedList } from './issued-list.tsx'
import { RefusalWhy } from './refusal-why.tsx'
import { ReturnedList } from './returned-list.tsx'
import type { ReaderTag } from './use-desk-reader.ts'

interface ScanListProps {
  state: DeskState
  tags: readonly ReaderTag[]
  onDismiss: (key: string) => void
  onRemove: (code: string) => void
  onTag: (tag: ReaderTag) => void
}

export function ScanList(props: ScanListProps) {
  const { t } = useTranslation('desk')
  const { state } = props
  const note = state.note
  return (
    <>
      <p className="desk__note" role="status">
        {note ? t(note.key as 'note.repeated', { code: note.code ?? '' }) : ''}
      </p>
      <div className="desk__list">
        <OnReader {...props} />
        <ul>
          {state.refused.map((line) => (
            <Refused key={line.key} line={line} mode={state.mode} onDismiss={props.onDismiss} />
          ))}
        </ul>
        {state.mode === 'issue' ? <IssueList {...props} /> : null}
        {state.mode === 'return' ? <ReturnedList returned={state.returned} /> : null}
        {state.mode === 'ask' ? <AskedList asked={state.asked} /> : null}
      </div>
    </>
  )
}

/** Tags on the reader that are not in the list: offered, so that nothing happens by lying there. */
function OnReader(props: ScanListProps) {
  const { t } = useTranslation('desk')
  const { state } = props
  const taken = new Set([...state.lines.map((l) => l.code), ...state.refused.map((r) => r.code)])
  const done = new Set(state.returned.filter((r) => !r.undone).map((r) => r.loan.box))
  const gone = new Set(
    state.issued?.loans.filter((l) => !state.issued?.undone.includes(l.loan)).map((l) => l.box),
  )
  // A box for nobody cannot be added: the card comes first.
  const mayTake = state.mode !== 'issue' || state.borrower !== null
  const offered = props.tags.filter((tag) => {
    if (tag.card) return false
    const code = tag.box ?? tag.epc
    return !taken.has(code) && !gone.has(code) && !(state.mode === 'return' && done.has(code))
  })
  if (offered.length === 0) return null
  return (
    <ul className="reader" aria-label={t('reader.title')}>
      {offered.map((tag) => (
        <li key={tag.epc}>
          <span className="muted">{t('reader.title')}</span>{' '}
          {tag.box ?? t('note.unknownTag', { code: tag.epc })}
          {tag.box && mayTake ? (
            <button type="button" className="btn btn--small" onClick={() => props.onTag(tag)}>
              {t(state.mode === 'return' ? 'reader.back' : 'reader.add')}
            </button>
          ) : null}
        </li>
      ))}
    </ul>
  )
}

function Refused(props: {
  line: RefusedLine
  mode: DeskState['mode']
  onDismiss: (key: string) => void
}) {
  const { t } = useTranslation('desk')
  const { line } = props
  return (
    <li className="refused" role="alert">
      <span className="refused__shape" aria-hidden="true">
        ▲
      </span>
      <span>
        <b>
          {line.code}
          {props.mode === 'ask'
            ? ''
            : ` · ${t(props.mode === 'return' ? 'list.refusedReturn' : 'list.refused')}`}
        </b>
        <RefusalWhy refusal={line.refusal} code={line.code} />
      </span>
      <button type="button" className="btn btn--small" onClick={() => props.onDismiss(line.key)}>
        {t('list.dismiss')}
      </button>
    </li>
  )
}

function IssueList(props: ScanListProps) {
  const { t } = useTranslation('desk')
  const { state } = props
  if (state.issued) return <IssuedList act={state.issued} />
  if (state.lines.length === 0 && state.refused.length === 0)
    return <EmptyState title={t(state.borrower ? 'list.empty' : 'list.emptyCard')} />
  return (
    <ul>
      {state.lines.map((line, i) => (
        <Line
          key={line.key}
          line={line}
          n={state.lines.length - i}
          repeated={state.note?.key === 'note.repeated' && state.note.code === line.code}
          onRemove={props.onRemove}
        />
      ))}
    </ul>
  )
}

function Line(props: {
  line: IssueLine
  n: number
  repeated: boolean
  onRemove: (code: string) => void
}) {
  const { t } = useTranslation('desk')
  const { line } = props
  const check = line.state === 'ok' ? line.check : null
  return (
    <li className={props.repeated ? 'line line--repeated' : 'line'}>
      <span className="line__n muted">{props.n}</span>
      <span>
        <b>{line.code}</b>{' '}
        {check ? <span className="muted">{t(`secrecy.${check.secrecy}`)}</span> : null}
        <span className="holding__title">
          {check ? (check.title ?? t('list.noTitle')) : t('list.checking')}
        </span>
      </span>
      <span>{check ? t('list.ok') : '…'}</span>
      <button type="button" className="btn btn--small" onClick={() => props.onRemove(line.code)}>
        {t('list.remove')}
      </button>
    </li>
  )
}

export function Finish(props: { state: DeskState; onFinish: () => void }) {
  const { t } = useTranslation('desk')
  const { state } = props
  const { failed } = state
  return (
    <div className="desk__finish">
      {failed ? (
        <p className="refused__why" role="alert">
          {failed.lost ? t('lost.issue') : <RefusalWhy refusal={failed.problem} />}
        </p>
      ) : null}
      <button
        type="button"
        className="btn btn--filled"
        disabled={!canFinish(state)}
        onClick={props.onFinish}
      >
        {state.sending
          ? t('list.sending')
          : failed?.lost
            ? t('lost.again')
            : t('list.finish', { n: readyCodes(state).length })}
      </button>
    </div>
  )
}
