import { Link, useRouterState } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMe } from '../lib/session.ts'
import { PageNote } from './page-note.tsx'
import { homeOf } from './screens.ts'

export function NotFoundPage() {
  const { t } = useTranslation()
  const path = useRouterState({ select: (s) => s.location.pathname })
  const me = useMe()
  return (
    <PageNote title={t('notFound.title')}>
      <p>{t('notFound.text', { path })}</p>
      <Link className="btn btn--filled" to={homeOf(me)}>
        {t('notFound.home')}
      </Link>
    </PageNote>
  )
}
