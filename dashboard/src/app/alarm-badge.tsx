import { api } from '@lantai/contracts'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '../lib/session.ts'
import { useStatus } from '../lib/status.ts'
import { AlarmShape } from '../ui/alarm-shape.tsx'

/** The worst unacknowledged alarm and how many there are. Silence never looks like safety: unknown is said. */
export function AlarmBadge() {
  const { t } = useTranslation(['common', 'alarms'])
  const mayOpen = useMay(api.alarms.listAlarms)
  const { status, live } = useStatus()
  if (!status) return <output className="chip badge--stale">{t('alarm.unknown')}</output>
  const worst = status.unacknowledged > 0 ? status.worst : null
  if (!worst)
    return (
      <output className={live ? 'chip badge--quiet' : 'chip badge--stale'}>
        {t(live ? 'alarm.none' : 'alarm.unknown')}
      </output>
    )
  const what = t(`alarms:kind.${worst.kind}`)
  const look = ['chip badge', `badge--p${worst.priority}`]
  if (worst.priority === 1 && live) look.push('badge--pulse')
  if (!live) look.push('badge--stale')
  const inside = (
    <>
      <AlarmShape kind={worst.priority} quiet />
      <span className="badge__what">{what}</span>
      <span>{t('alarm.count', { n: status.unacknowledged })}</span>
    </>
  )
  if (!mayOpen) return <output className={look.join(' ')}>{inside}</output>
  return (
    <Link className={look.join(' ')} to="/alarms">
      {inside}
    </Link>
  )
}
