import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { useEffect, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { lastContact } from '../../lib/contact.ts'
import { useKeys } from '../../lib/keys.ts'
import { useSteady } from '../../lib/steady.ts'
import { useStore } from '../../lib/store.ts'
import { clockText, useNow } from '../../lib/time.ts'
import { useAgeText } from '../../ui/age.tsx'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Loading } from '../../ui/loading.tsx'
import { Panel } from '../../ui/panel.tsx'
import { AlarmDetail, commentFieldId } from './alarm-detail.tsx'
import { AlarmRows } from './alarm-rows.tsx'
import { isUnacknowledged, stepFrom } from './order.ts'
import { useAcknowledge, useOpenAlarms } from './use-alarms.ts'

const route = getRouteApi('/shell/alarms')

const focusRow = (id: string | null) =>
  document.querySelector<HTMLElement>(`[data-row="${id ?? ''}"]`)?.focus()

/** Only the alarms of a device or a bank that a link or a scanned label named. */
function useFiltered() {
  const search = route.useSearch()
  const navigate = useNavigate()
  const all = useOpenAlarms()
  const open = all.open.filter(
    (a) =>
      (!search.device || a.where.device === search.device) &&
      (!search.bank || a.where.bank === search.bank),
  )
  const filter = search.device ?? search.bank ?? null
  return { ...all, open, filter, clear: () => void navigate({ to: '/alarms', search: {} }) }
}

function Notes(props: {
  filter: string | null
  /** There is a list to speak of. */
  known: boolean
  clear: () => void
  waiting: number
  release: () => void
}) {
  const { t } = useTranslation('alarms')
  const since = useStore(lastContact)
  return (
    <>
      {since === null || !props.known ? null : (
        <p className="note">{t('list.offline', { time: clockText(since) })}</p>
      )}
      {props.filter ? (
        <p className="small">
          {t('list.filtered', { what: props.filter })}{' '}
          <button type="button" className="btn btn--small" onClick={props.clear}>
            {t('list.all')}
          </button>
        </p>
      ) : null}
      {props.waiting > 0 ? (
        <button type="button" className="btn btn--small alarms__waiting" onClick={props.release}>
          {t('list.waiting', { n: props.waiting })}
        </button>
      ) : null}
    </>
  )
}

export function OpenAlarms() {
  const { t } = useTranslation('alarms')
  const { open, lastClosedAt, filter, clear, ...query } = useFiltered()
  const [chosen, setChosen] = useState<string | null>(null)
  const { rows, waiting, hold, release } = useSteady(open, (a) => a.id)
  const acting = useAcknowledge()
  const offline = useStore(lastContact) !== null
  const ids = rows.map((a) => a.id)
  const selected = rows.find((a) => a.id === chosen) ?? rows[0] ?? null
  const step = (by: number) => {
    const next = stepFrom(ids, selected?.id ?? null, by)
    setChosen(next)
    focusRow(next)
  }
  // A row that was chosen stays chosen while it is listed; afterwards the first one is what to do next.
  useEffect(() => {
    if (chosen !== null && query.data && !ids.includes(chosen)) setChosen(null)
  }, [chosen, query.data, ids])
  useKeys(t('title'), [
    { keys: 'ArrowDown', label: t('keys.down'), run: () => step(1) },
    { keys: 'ArrowUp', label: t('keys.up'), run: () => step(-1) },
    {
      keys: 'a',
      label: t('detail.acknowledge'),
      run: () =>
        selected && isUnacknowledged(selected) ? void acting.acknowledge(selected, '') : false,
    },
    {
      keys: 'c',
      label: t('detail.comment'),
      run: () => document.getElementById(commentFieldId)?.focus(),
    },
  ])
  const unacked = open.filter(isUnacknowledged).length
  const empty = rows.length === 0 && waiting === 0
  // A list that was never read is not an empty one: silence must not look like safety.
  const known = query.data !== undefined
  return (
    <div className={offline ? 'alarms alarms--offline' : 'alarms'}>
      <Panel
        title={t('list.title')}
        facts={known ? t('list.facts', { n: open.length, unacked }) : null}
      >
        <Notes known={known} filter={filter} clear={clear} waiting={waiting} release={release} />
        {known || query.error ? null : <Loading />}
        {query.error && !query.data ? (
          <ErrorNote error={query.error} onRetry={query.refetch} />
        ) : null}
        {known && empty ? (
          <EmptyState title={t('list.empty')}>
            {lastClosedAt ? <LastOne at={lastClosedAt} /> : t('list.never')}
          </EmptyState>
        ) : null}
        {empty ? null : (
          <div {...hold}>
            <AlarmRows alarms={rows} chosen={selected?.id ?? null} onChoose={setChosen} />
          </div>
        )}
      </Panel>
      <Panel title={t('detail.title')}>
        {selected ? (
          <AlarmDetail alarm={selected} first={selected.id === ids[0]} acting={acting} />
        ) : (
          <p className="muted">{known ? t(empty ? 'detail.nothing' : 'detail.none') : null}</p>
        )}
      </Panel>
    </div>
  )
}

function LastOne(props: { at: string }) {
  const { t } = useTranslation('alarms')
  const age = useAgeText()
  return <>{t('list.last', { ago: age(useNow() - Date.parse(props.at)) })}</>
}
