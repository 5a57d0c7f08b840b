import type { ContactView } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { HealthState, type Level } from './health-state.tsx'

/** What an active contact is to a person: a door that stands open is a state, water on the floor is not. */
const levels: Readonly<Record<ContactView['means'], Level>> = {
  fire: 'bad',
  smoke: 'bad',
  water: 'bad',
  intrusion: 'bad',
  panelFault: 'attention',
  tamper: 'attention',
  batteryLow: 'attention',
  fault: 'attention',
  door: 'fine',
}
export const levelOfContact = ({ means, state }: Pick<ContactView, 'means' | 'state'>): Level => {
  if (state === 'unknown') return 'unknown'
  return state === 'active' ? levels[means] : 'fine'
}

export function ContactState(props: { contact: ContactView }) {
  const { t } = useTranslation('setup')
  const { contact: c } = props
  const word = c.state === 'unknown' ? t('contacts.unknown') : t(`contacts.${c.state}.${c.means}`)
  return <HealthState level={levelOfContact(c)} word={word} />
}
