import './health-state.css'
import type { Check, DeviceHealthState } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'

export type Level = 'fine' | 'attention' | 'bad' | 'unknown'
const paths: Readonly<Record<Exclude<Level, 'fine'>, string>> = {
  bad: 'M2 2h12v12H2z',
  attention: 'M8 1.5 15 14H1z',
  unknown: 'M8 1 15 8 8 15 1 8z',
}
export const levelOfCheck = (s: Check['state']): Level => (s === 'ok' ? 'fine' : s)
export const levelOfDevice = (s: DeviceHealthState): Level =>
  ({ online: 'fine', degraded: 'attention', offline: 'bad', unknown: 'unknown' })[s] as Level

/** Fine is grey and has no sign; everything else has colour, shape and word. */
export function HealthState(props: { level: Level; word: string }) {
  const { level } = props
  return (
    <span className={`health health--${level}`}>
      {level === 'fine' ? null : (
        <svg viewBox="0 0 16 16" width="12" height="12" aria-hidden="true" focusable="false">
          <path
            d={paths[level]}
            fill={level === 'unknown' ? 'none' : 'currentColor'}
            stroke="currentColor"
            strokeWidth="2"
          />
        </svg>
      )}
      {props.word}
    </span>
  )
}

export function CheckState(props: { state: Check['state'] }) {
  const { t } = useTranslation('setup')
  return <HealthState level={levelOfCheck(props.state)} word={t(`checks.state.${props.state}`)} />
}
