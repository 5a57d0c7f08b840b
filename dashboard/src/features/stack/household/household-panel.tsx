/** 一户式查询: every file of one person or unit that this reader may see, across categories, by date. */
import { api, type FileView } from '@lantai/contracts'
import { useCall } from '../../../lib/query.ts'
import { ErrorNote } from '../../../ui/error-note.tsx'
import { byYear, countDistinct } from '../model/household.ts'
import { useSay } from '../say.ts'
import { SidePanel } from '../way/side-panel.tsx'

export function HouseholdPanel(props: {
  subject: string
  box: string | null
  onBox: (code: string) => void
  onBack: () => void
}) {
  const say = useSay()
  const found = useCall(api.records.householdQuery, { body: { subject: props.subject } })
  const data = found.data
  return (
    <SidePanel
      title={say('household.title', { name: data?.subject.name ?? '…' })}
      facts={data ? say('household.facts', countDistinct(data.files)) : null}
      onBack={props.onBack}
    >
      {data ? (
        <p className="muted small">
          {say(`household.${data.subject.type}`)} ·{' '}
          {say('household.number', { number: data.subject.numberMasked })}
        </p>
      ) : null}
      {found.error ? <ErrorNote error={found.error} onRetry={() => void found.refetch()} /> : null}
      {data?.files.length === 0 ? <p className="muted">{say('household.none')}</p> : null}
      {byYear(data?.files ?? []).map(({ year, files }) => (
        <section key={year} className="household__year">
          <h3>{year}</h3>
          <ul>
            {files.map((f) => (
              <HouseholdFile
                key={f.id}
                file={f}
                current={f.box === props.box}
                onBox={props.onBox}
              />
            ))}
          </ul>
        </section>
      ))}
    </SidePanel>
  )
}

function HouseholdFile(props: { file: FileView; current: boolean; onBox: (code: string) => void }) {
  const say = useSay()
  const { file } = props
  return (
    <li>
      <button
        type="button"
        className="household__file"
        aria-pressed={props.current}
        onClick={() => props.onBox(file.box)}
      >
        <span className="muted">{file.date.slice(5)}</span>
        <span>
          {file.title}
          <span className="contents__facts muted">
            {file.categoryTitle} · {file.refCode} · {file.pages} {say('contents.pages')}
          </span>
        </span>
        <span className="household__box">
          <b>{file.place ?? say('way.noPlace')}</b>
          {file.box}
        </span>
      </button>
    </li>
  )
}
