import './alarms.css'
import { getRouteApi, Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { OpenAlarms } from './open-alarms.tsx'
import { PastAlarms } from './past-alarms.tsx'

const route = getRouteApi('/shell/alarms')

export function AlarmsScreen() {
  const { t } = useTranslation('alarms')
  const past = route.useSearch().show === 'history'
  return (
    <div className="alarms-screen">
      <h1 className="sr-only">{t('title')}</h1>
      <nav className="tabs" aria-label={t('tab.label')}>
        <Link to="/alarms" search={{ show: 'open' }} aria-current={past ? undefined : 'page'}>
          {t('tab.open')}
        </Link>
        <Link to="/alarms" search={{ show: 'history' }} aria-current={past ? 'page' : undefined}>
          {t('tab.history')}
        </Link>
      </nav>
      {past ? <PastAlarms /> : <OpenAlarms />}
    </div>
  )
}
