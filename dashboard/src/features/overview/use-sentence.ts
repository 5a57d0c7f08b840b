import { useTranslation } from 'react-i18next'
import { lastContact } from '../../lib/contact.ts'
import { fireShown, useStatus } from '../../lib/status.ts'
import { useStore } from '../../lib/store.ts'
import { clockText } from '../../lib/time.ts'
import { freshRange, type Matter, mattersOf, type Overview } from './judge-day.ts'

/** The one sentence on top: is everything in order, and what is the day like. */
export function useSentence(o: Overview): { text: string; calm: boolean } {
  const { t } = useTranslation('overview')
  const { status, live } = useStatus()
  const since = useStore(lastContact)
  // While the page still connects, fire is not unknown to the site, only not read yet.
  const matters = mattersOf(o, status ? fireShown(status, live) : 'normal')
  const room = o.rooms.length === 1 ? (o.rooms[0]?.label ?? '') : o.siteLabel
  const say = (m: Matter) => {
    if (m.kind === 'alarms') return t('matter.alarms', { n: m.n })
    if (m.kind === 'things') return m.of.map((kind) => t(`matter.todo.${kind}`)).join(t('and'))
    return t(`matter.${m.kind}`)
  }
  const calm = matters.length === 0
  const opening = calm
    ? t('calm', { room })
    : t('matters', { room, what: matters.map(say).join(t('and')) })
  const humidity = freshRange(o.rooms, 'humidity')
  const sentence = t('sentence', {
    calm: opening,
    air: humidity === null ? '' : t('humidity', { range: humidity }),
    issued: o.issuedToday,
    returned: o.returnedToday,
    overdue: o.overdue,
  })
  if (live || since === null) return { text: sentence, calm }
  return { text: t('asOf', { time: clockText(since), sentence }), calm: false }
}
