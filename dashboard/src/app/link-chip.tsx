import { useTranslation } from 'react-i18next'
import { lastContact } from '../lib/contact.ts'
import { link } from '../lib/live.ts'
import { useStatus } from '../lib/status.ts'
import { useStore } from '../lib/store.ts'
import { clockText, useNow } from '../lib/time.ts'

/** The server's clock while the link is up; when it is lost, the last time that the server was heard. */
export function LinkChip() {
  const { t } = useTranslation()
  const state = useStore(link)
  const { status } = useStatus()
  const heard = useStore(lastContact)
  const now = clockText(useNow())
  if (state === 'connecting') return <output className="chip muted">{t('link.connecting')}</output>
  if (state === 'lost')
    return (
      <output className="chip link--lost" data-link="lost">
        {t('link.lost')}
        {heard === null ? null : ` · ${clockText(heard)}`}
      </output>
    )
  return (
    <span className="chip" data-link="up" title={t('link.title', { time: now })}>
      {status ? (
        <span className="link__gateways">
          {t('link.gateways', { online: status.gatewaysOnline, total: status.gatewaysTotal })}
          {' · '}
        </span>
      ) : null}
      <time>{now}</time>
    </span>
  )
}
