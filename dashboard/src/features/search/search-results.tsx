import type { Hit } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { ErrorNote } from '../../ui/error-note.tsx'
import { type Exact, isSearchable } from './search-state.ts'
import type { SearchState } from './use-search.ts'

interface ResultsProps {
  listId: string
  text: string
  found: SearchState
  choice: number
  exact: Exact | null
  /** Enter was pressed on a text that names nothing exactly. */
  hint: boolean
  onPick: (index: number) => void
}

export function SearchResults(props: ResultsProps) {
  const { t } = useTranslation('search')
  const { found, listId } = props
  const hits = found.answer?.hits ?? []
  return (
    <div className="search__results">
      {hits.length > 0 ? (
        <div className="search__list" role="listbox" id={listId} aria-label={t('list')}>
          {hits.map((hit, i) => (
            <Row
              key={`${hit.kind} ${hit.key}`}
              hit={hit}
              id={`${listId}-${i}`}
              chosen={i === props.choice}
              onPick={() => props.onPick(i)}
            />
          ))}
        </div>
      ) : null}
      {found.error ? <ErrorNote error={found.error} /> : null}
      <p className="search__foot" role="status">
        <Foot {...props} />
      </p>
    </div>
  )
}

function Row(props: { hit: Hit; id: string; chosen: boolean; onPick: () => void }) {
  const { t } = useTranslation('search')
  const { hit } = props
  const detail =
    hit.kind === 'subject' && hit.detail && /^\d+$/.test(hit.detail)
      ? t('files', { n: hit.detail })
      : hit.detail
  const keepInView = (e: HTMLDivElement | null) => {
    if (e && props.chosen) e.scrollIntoView({ block: 'nearest' })
  }
  return (
    // biome-ignore lint/a11y/useKeyWithClickEvents: the field has the keys (combobox pattern)
    // biome-ignore lint/a11y/useFocusableInteractive: the field keeps the focus (combobox pattern)
    <div
      ref={keepInView}
      id={props.id}
      role="option"
      aria-selected={props.chosen}
      className="search__row"
      // The field must keep the focus, or the list would close before the click.
      onMouseDown={(e) => e.preventDefault()}
      onClick={props.onPick}
    >
      <span className="search__kind">{t(`kind.${hit.kind}`)}</span>
      <span className="search__label">
        {hit.label}
        {detail ? <span className="search__detail">{detail}</span> : null}
      </span>
      <span className="search__place">{hit.place ?? ''}</span>
    </div>
  )
}

function Foot(props: ResultsProps) {
  const { t } = useTranslation('search')
  const { found, text, exact } = props
  if (exact?.kind === 'misread') return <b>{t('misread', { code: exact.text })}</b>
  if (props.hint && props.choice < 0) return <b>{t('notExact')}</b>
  if (!isSearchable(text)) return <>{t('tooShort')}</>
  const { answer } = found
  const parts: string[] = []
  if (exact?.kind === 'box') parts.push(t('enterExact', { code: exact.code }))
  if (exact?.kind === 'place') parts.push(t('enterExact', { code: exact.at }))
  if (!answer) return <>{found.busy ? t('searching') : parts.join(' · ')}</>
  if (answer.hits.length === 0)
    return (
      <>
        {found.busy
          ? t('searching')
          : parts.length > 0
            ? parts.join(' · ')
            : t('none', { q: found.q })}
      </>
    )
  const n = answer.total.toLocaleString('en-US')
  parts.push(t(answer.capped ? 'capped' : 'count', { n }))
  if (answer.total > answer.hits.length) parts.push(t('shown', { n: answer.hits.length }))
  parts.push(t(`understood.${answer.understood}`), t('enterPick'))
  return <>{parts.join(' · ')}</>
}
