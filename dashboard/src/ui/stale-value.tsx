import './stale-value.css'
import { useTranslation } from 'react-i18next'
import { Ago } from './age.tsx'

/**
 * A number with its unit. Older than twice its reporting interval it turns hollow and carries its age; it never
 * keeps looking live (ux 3).
 */
export function StaleValue(props: {
  value: number | null
  unit: string
  digits?: number
  stale: boolean
  at: string | null
  out?: boolean
}) {
  const { t } = useTranslation()
  if (props.value === null) return <span className="muted">{t('noValue')}</span>
  const look = props.stale ? 'value value--stale' : props.out ? 'value value--out' : 'value'
  return (
    <span className={look}>
      <span className="value__digits">{props.value.toFixed(props.digits ?? 1)}</span>
      <span className="value__unit"> {props.unit}</span>
      {props.stale ? (
        <span className="value__age">
          {' · '}
          <Ago at={props.at} />
        </span>
      ) : null}
    </span>
  )
}
