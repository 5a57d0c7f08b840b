/** 查看盒内: the files of a box as this reader may see them, their subjects, and the evidence of its place. */
import { api, type BoxCard } from '@lantai/contracts'
import { useState } from 'react'
import { useCall } from '../../../lib/query.ts'
import { momentText } from '../../../lib/time.ts'
import { ErrorNote } from '../../../ui/error-note.tsx'
import { useSay } from '../say.ts'
import { SidePanel } from './side-panel.tsx'

export function ContentsPanel(props: {
  box: BoxCard
  onBack: () => void
  onSubject: (subject: string) => void
}) {
  const say = useSay()
  const { box } = props
  return (
    <SidePanel
      title={say('contents.title', { code: box.code })}
      facts={say('contents.facts', { files: box.fileCount, pages: box.pageCount, mm: box.spineMm })}
      onBack={props.onBack}
    >
      <ol className="contents">
        {box.files.map((f) => (
          <FileItem key={f.id} file={f} onSubject={props.onSubject} />
        ))}
      </ol>
      <Evidence code={box.code} />
    </SidePanel>
  )
}

function FileItem(props: { file: BoxCard['files'][number]; onSubject: (subject: string) => void }) {
  const say = useSay()
  const [open, setOpen] = useState(false)
  const { file } = props
  if (!file.visible)
    return (
      <li className="contents__file">
        <span className="contents__position">{file.position}</span>
        <span className="muted">
          {say('contents.hidden')} · {say(`secrecy.${file.secrecy}`)}
        </span>
      </li>
    )
  const facts = [
    file.refCode,
    file.date,
    file.pages === null ? null : `${file.pages} ${say('contents.pages')}`,
    file.retention,
    say(`secrecy.${file.secrecy}`),
  ]
  return (
    <li className="contents__file">
      <span className="contents__position">{file.position}</span>
      <span>
        {file.title}
        <span className="contents__facts muted">{facts.filter(Boolean).join(' · ')}</span>
        {open ? <Subjects file={file.id} onSubject={props.onSubject} /> : null}
      </span>
      <button
        type="button"
        className="btn btn--small"
        aria-expanded={open}
        onClick={() => setOpen(!open)}
      >
        {say('contents.show')}
      </button>
    </li>
  )
}

function Subjects(props: { file: string; onSubject: (subject: string) => void }) {
  const say = useSay()
  const file = useCall(api.records.getFile, { params: { file: props.file } })
  if (file.error) return <ErrorNote error={file.error} />
  return (
    <span className="contents__subjects">
      {file.data?.subjects.map((s) => (
        <button
          key={s.id}
          type="button"
          className="btn btn--small btn--plain"
          onClick={() => props.onSubject(s.id)}
        >
          {say('contents.subjectOf', { name: s.name })}
        </button>
      ))}
    </span>
  )
}

function Evidence(props: { code: string }) {
  const say = useSay()
  const found = useCall(api.boxes.getWhereabouts, { params: { box: props.code } })
  if (found.error) return <ErrorNote error={found.error} />
  const list = found.data?.evidence.slice(0, 12) ?? []
  return (
    <>
      <h3 className="contents__head">{say('contents.evidence')}</h3>
      {found.data && list.length === 0 ? (
        <p className="muted">{say('contents.noEvidence')}</p>
      ) : null}
      <ul className="evidence">
        {list.map((e) => (
          <li key={`${e.at} ${e.kind}`}>
            <span className="muted">
              {momentText(e.correctedAt ?? e.at)}
              {e.correctedAt ? say('way.timeCorrected') : null}
            </span>
            <span>{say(`way.evidence.${e.kind}`)}</span>
            <span>{[e.placeLabel, e.place].filter(Boolean).join(' ')}</span>
            <span className="muted">{e.by}</span>
          </li>
        ))}
      </ul>
    </>
  )
}
