import type { AlarmView } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { momentText, tickingText, useNow } from '../../lib/time.ts'
import { AlarmShape } from '../../ui/alarm-shape.tsx'
import { beganAt, drawingOf, isCorrected, isUnacknowledged } from './order.ts'
import { useAlarmWords } from './use-alarms.ts'

function Row(props: {
  alarm: AlarmView
  chosen: boolean
  now: number
  past: boolean
  onChoose: () => void
}) {
  const { t } = useTranslation('alarms')
  const words = useAlarmWords()
  const { alarm: a, now } = props
  const drawing = drawingOf(a)
  const began = beganAt(a)
  const value = words.value(a)
  const pulse = a.priority === 1 && isUnacknowledged(a) && drawing !== 'hollow'
  const look = `alarm alarm--${drawing} alarm--p${a.priority}${pulse ? ' alarm--pulse' : ''}`
  return (
    <tr
      className={look}
      data-alarm={a.id}
      data-kind={a.kind}
      data-state={a.state}
      aria-selected={props.chosen}
    >
      <td className="alarm__shape">
        <AlarmShape kind={a.priority} hollow={drawing !== 'filled' && drawing !== 'latched'} />
      </td>
      <th scope="row" className="alarm__what">
        <button type="button" onClick={props.onChoose} aria-current={props.chosen} data-row={a.id}>
          {words.what(a)}
        </button>
      </th>
      <td className="alarm__where">{words.where(a)}</td>
      <td className="alarm__since">
        {props.past ? momentText(began, now) : tickingText(now - Date.parse(began))}
        {isCorrected(a) ? <span className="muted small"> {t('list.corrected')}</span> : null}
      </td>
      {props.past ? (
        <td className="alarm__since">{a.closedAt ? momentText(a.closedAt, now) : '–'}</td>
      ) : (
        <td className="alarm__value">
          {value ? `${value.value} / ${value.limit} ${a.unit ?? ''}` : '–'}
        </td>
      )}
      <td className="alarm__state">
        <span className="alarm__chip">{t(`state.${a.state}`)}</span>
      </td>
      <td className="alarm__who">{a.ack ? `${a.ack.by} ${momentText(a.ack.at, now)}` : '–'}</td>
    </tr>
  )
}

export function AlarmRows(props: {
  alarms: readonly AlarmView[]
  chosen: string | null
  past?: boolean
  onChoose: (id: string) => void
}) {
  const { t } = useTranslation('alarms')
  const now = useNow()
  const past = props.past === true
  return (
    <table className="alarms__table">
      <thead>
        <tr>
          <th scope="col" colSpan={2}>
            {t('list.what')}
          </th>
          <th scope="col">{t('list.where')}</th>
          <th scope="col">{t(past ? 'list.began' : 'list.since')}</th>
          <th scope="col">{t(past ? 'list.ended' : 'list.value')}</th>
          <th scope="col">{t('list.state')}</th>
          <th scope="col">{t('list.who')}</th>
        </tr>
      </thead>
      <tbody>
        {props.alarms.map((a) => (
          <Row
            key={a.id}
            alarm={a}
            chosen={a.id === props.chosen}
            now={now}
            past={past}
            onChoose={() => props.onChoose(a.id)}
          />
        ))}
      </tbody>
    </table>
  )
}
