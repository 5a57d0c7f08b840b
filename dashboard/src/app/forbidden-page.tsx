import type { Access } from '@lantai/contracts'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useMe } from '../lib/session.ts'
import { PageNote } from './page-note.tsx'
import { homeOf } from './screens.ts'

export function ForbiddenPage(props: { access: Access }) {
  const { t, i18n } = useTranslation()
  const me = useMe()
  const list = new Intl.ListFormat(i18n.language, { type: 'disjunction' })
  const named = (roles: readonly Parameters<typeof word>[0][]) => list.format(roles.map(word))
  function word(role: NonNullable<typeof me>['roles'][number]) {
    return t(`role.${role}`)
  }
  return (
    <PageNote title={t('forbidden.title')}>
      <p>
        {t('forbidden.text', {
          name: me?.name ?? '',
          roles: named(me?.roles ?? []),
          needed: props.access.who === 'roles' ? named(props.access.roles) : '',
        })}
      </p>
      <p className="muted">{t('forbidden.next')}</p>
      <p className="muted small">{t('error.code', { code: 'forbidden' })}</p>
      <Link className="btn btn--filled" to={homeOf(me)}>
        {t('forbidden.home')}
      </Link>
    </PageNote>
  )
}
