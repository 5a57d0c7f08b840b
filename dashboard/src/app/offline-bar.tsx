import './strips.css'
import { useTranslation } from 'react-i18next'
import { lastContact } from '../lib/contact.ts'
import { link } from '../lib/live.ts'
import { useStore } from '../lib/store.ts'
import { clockText } from '../lib/time.ts'

/** Grey bar while the link is lost: since when, what the page shows, what is off (ux 3). */
export function OfflineBar() {
  const { t } = useTranslation()
  const state = useStore(link)
  const since = useStore(lastContact)
  if (state !== 'lost') return null
  return (
    <div className="strip strip--offline" role="status">
      <strong>
        {since === null ? t('offline.neverUp') : t('offline.bar', { time: clockText(since) })}
      </strong>
      <span>{t('offline.text')}</span>
      <span className="muted">{t('offline.retrying')}</span>
    </div>
  )
}
