import { type AlarmView, api } from '@lantai/contracts'
import { Link } from '@tanstack/react-router'
import { type KeyboardEvent, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { link } from '../../lib/live.ts'
import { useMay } from '../../lib/session.ts'
import { useStore } from '../../lib/store.ts'
import { momentText, useNow } from '../../lib/time.ts'
import { AlarmShape } from '../../ui/alarm-shape.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { KeyHint } from '../../ui/key-hint.tsx'
import { beganAt, isCorrected, isUnacknowledged, placeLinkOf } from './order.ts'
import { type useAcknowledge, useAlarmWords } from './use-alarms.ts'

/** The comment field is focused by `C`. */
export const commentFieldId = 'alarm-comment'

function PlaceLink(props: { alarm: AlarmView }) {
  const { t } = useTranslation('alarms')
  const to = placeLinkOf(props.alarm)
  if (to.kind === 'box')
    return (
      <Link to="/stacks/{-$room}" search={{ box: to.box }}>
        {t('detail.openBox')}
      </Link>
    )
  if (to.kind === 'devices') return <Link to="/settings">{t('detail.openDevices')}</Link>
  return (
    <Link to="/stacks/{-$room}" params={{ room: to.room }}>
      {t('detail.openPlan')}
    </Link>
  )
}

/** What is known of it, oldest first; only what was reported. */
function Facts(props: { alarm: AlarmView }) {
  const { t } = useTranslation('alarms')
  const words = useAlarmWords()
  const { alarm: a } = props
  const now = useNow(30_000)
  const at = (instant: string) => momentText(instant, now)
  const value = words.value(a)
  return (
    <ul className="detail__facts">
      <li>
        {t('detail.began', { at: at(beganAt(a)) })}
        {isCorrected(a) ? t('detail.corrected', { told: at(a.since) }) : null}
      </li>
      {value ? <li>{t('detail.value', { ...value, unit: a.unit ?? '' })}</li> : null}
      {a.returnedAt ? <li>{t('detail.returned', { at: at(a.returnedAt) })}</li> : null}
      {a.ack ? (
        <li>
          {t('detail.acked', { by: a.ack.by, at: at(a.ack.at) })}
          {a.ack.comment ? <q className="detail__comment">{a.ack.comment}</q> : null}
        </li>
      ) : null}
      {a.reset ? (
        <li>{t('detail.reset', { by: a.reset.by, at: at(a.reset.at), reason: a.reset.reason })}</li>
      ) : null}
      {a.closedAt ? <li>{t('detail.closed', { at: at(a.closedAt) })}</li> : null}
    </ul>
  )
}

type Acting = ReturnType<typeof useAcknowledge>

function AcknowledgeForm(props: { alarm: AlarmView; acting: Acting }) {
  const { t } = useTranslation('alarms')
  const [comment, setComment] = useState('')
  const may = useMay(api.alarms.acknowledgeAlarm)
  const offline = useStore(link) === 'lost'
  const { acknowledge, busy } = props.acting
  if (!may) return <p className="muted">{t('detail.notYours')}</p>
  const submit = () => void acknowledge(props.alarm, comment)
  const onKeyDown = (e: KeyboardEvent) => {
    if (e.key !== 'Enter' || e.shiftKey || e.nativeEvent.isComposing) return
    e.preventDefault()
    submit()
  }
  return (
    <form
      className="detail__form"
      onSubmit={(e) => {
        e.preventDefault()
        submit()
      }}
    >
      <label>
        <span className="label">
          {t('detail.comment')} <KeyHint keys="C" />
        </span>
        <textarea
          id={commentFieldId}
          className="field"
          rows={2}
          maxLength={500}
          value={comment}
          placeholder={t('detail.commentPlaceholder')}
          onChange={(e) => setComment(e.target.value)}
          onKeyDown={onKeyDown}
        />
      </label>
      <button type="submit" className="btn btn--filled" disabled={offline || busy !== null}>
        {busy === props.alarm.id ? t('detail.busy') : t('detail.acknowledge')} <KeyHint keys="A" />
      </button>
      <p className="muted small">{offline ? t('detail.offline') : t('detail.meaning')}</p>
    </form>
  )
}

export function AlarmDetail(props: { alarm: AlarmView; first: boolean; acting: Acting }) {
  const { t } = useTranslation('alarms')
  const words = useAlarmWords()
  const { alarm: a, acting } = props
  return (
    <div className="detail">
      {props.first && isUnacknowledged(a) ? <p className="muted small">{t('first')}</p> : null}
      <h3>
        <AlarmShape kind={a.priority} hollow={!a.active && a.state !== 'latched'} /> {words.what(a)}
      </h3>
      <p>
        {words.where(a)} · <PlaceLink alarm={a} />
      </p>
      <Facts alarm={a} />
      {a.state === 'closed' ? null : (
        <div>
          <h4 className="label">{t('detail.steps')}</h4>
          <p>{a.active || a.latched ? t(`steps.${a.kind}`) : t('detail.over')}</p>
        </div>
      )}
      {a.state === 'latched' ? <p className="note">{t('detail.latched')}</p> : null}
      {isUnacknowledged(a) ? <AcknowledgeForm key={a.id} alarm={a} acting={acting} /> : null}
      {acting.error?.alarm === a.id ? <ErrorNote error={acting.error.error} /> : null}
    </div>
  )
}
