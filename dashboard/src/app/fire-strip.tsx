import './strips.css'
import { api } from '@lantai/contracts'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMay } from '../lib/session.ts'
import { fireShown, useStatus } from '../lib/status.ts'

/** Across the whole page while fire is active or latched; the panel is the authority, not this page (ux 4.6). */
export function FireStrip() {
  const { t } = useTranslation()
  const mayOpen = useMay(api.alarms.listAlarms)
  const { status, live } = useStatus()
  const fire = fireShown(status, live)
  if (fire !== 'alarm' && fire !== 'latched') return null
  return (
    <div
      className={fire === 'latched' ? 'strip strip--fire strip--latched' : 'strip strip--fire'}
      role="alert"
    >
      <strong>{t(fire === 'alarm' ? 'fire.stripAlarm' : 'fire.stripLatched')}</strong>
      <span>{t('fire.stripText')}</span>
      {mayOpen ? <Link to="/alarms">{t('fire.open')}</Link> : null}
    </div>
  )
}
