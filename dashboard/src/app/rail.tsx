import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMe } from '../lib/session.ts'
import { screensOf } from './screens.ts'

/** Words only, and only of screens that exist for this person. */
export function Rail() {
  const { t } = useTranslation()
  return (
    <nav className="rail" aria-label={t('nav.label')}>
      <ul>
        {screensOf(useMe()).map((s) => (
          <li key={s.id}>
            <Link to={s.to} activeOptions={{ exact: s.to === '/', includeSearch: false }}>
              {t(`nav.${s.id}`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  )
}
