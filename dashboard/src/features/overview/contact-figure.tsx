import { api, type ContactView } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { useLiveCall } from '../../lib/live-query.ts'
import { ContactState, levelOfContact } from '../setup/contact-state.tsx'
import { mergeGateways } from '../setup/health-screen.tsx'

/** More than these are counted: the whole list stands in 体检. */
const namedAtMost = 3

/** Contacts of a room behind all gateways; null while that is not known. */
function useContacts(room: string): readonly ContactView[] | null {
  const health = useLiveCall(api.gateways.getHealth, {}, 'health', (data, delta) => ({
    ...data,
    gateways: mergeGateways(data.gateways, delta.gateways),
  }))
  return health.data?.gateways.flatMap((g) => g.contacts).filter((c) => c.room === room) ?? null
}

/** Doors, water, smoke: quiet while all is as it should be, by name where it is not. */
export function ContactFigure(props: { room: string }) {
  const { t } = useTranslation('overview')
  const contacts = useContacts(props.room)
  if (!contacts || contacts.length === 0) return null
  const open = contacts.filter((c) => c.state === 'active' && c.means === 'door')
  const matter = [...contacts.filter((c) => levelOfContact(c) !== 'fine'), ...open]
  const named = matter.slice(0, namedAtMost)
  return (
    <div className="figure contacts">
      <dt>{t('room.contacts')}</dt>
      <dd>
        {named.map((c) => (
          <span key={c.id} data-contact={c.id} data-state={c.state}>
            {c.label} <ContactState contact={c} />
          </span>
        ))}
        {matter.length > named.length ? (
          <span>{t('room.moreContacts', { n: matter.length - named.length })}</span>
        ) : null}
        {matter.length < contacts.length ? (
          <span className="muted">
            {t('room.fineContacts', { n: contacts.length - matter.length })}
          </span>
        ) : null}
      </dd>
    </div>
  )
}
