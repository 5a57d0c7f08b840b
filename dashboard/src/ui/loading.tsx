import { useTranslation } from 'react-i18next'
import { link } from '../lib/live.ts'
import { useStore } from '../lib/store.ts'

/** Nothing to show yet: it is being read, or cannot be while the link is lost. */
export function Loading() {
  const { t } = useTranslation()
  const lost = useStore(link) === 'lost'
  return <p className="muted">{t(lost ? 'offline.nothing' : 'loading')}</p>
}
