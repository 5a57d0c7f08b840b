import type { ContactView } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { momentText } from '../../lib/time.ts'
import { ContactState } from './contact-state.tsx'

/** Doors, water, smoke and the like behind one gateway, as they are now. */
export function ContactTable(props: { contacts: readonly ContactView[]; now: number }) {
  const { t } = useTranslation('setup')
  if (props.contacts.length === 0) return null
  return (
    <table className="devices">
      <thead>
        <tr>
          <th scope="col">{t('contacts.contact')}</th>
          <th scope="col">{t('contacts.means.title')}</th>
          <th scope="col">{t('devices.state')}</th>
          <th scope="col">{t('devices.since')}</th>
        </tr>
      </thead>
      <tbody>
        {props.contacts.map((c) => (
          <tr key={c.id} data-contact={c.id} data-state={c.state}>
            <th scope="row">
              {c.label}
              <div className="muted device__id">
                {c.id} · {c.device}
              </div>
            </th>
            <td>{t(`contacts.means.${c.means}`)}</td>
            <td>
              <ContactState contact={c} />
            </td>
            <td className="device__since">{c.since ? momentText(c.since, props.now) : '–'}</td>
          </tr>
        ))}
      </tbody>
    </table>
  )
}
