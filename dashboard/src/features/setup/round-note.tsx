import type { RoundsView } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { HealthState } from './health-state.tsx'
import { spanText } from './span-text.ts'

/** The last round of a reader that may be called complete; one after it that may not stands out, with its reasons. */
export function RoundNote(props: { rounds: RoundsView; now: number }) {
  const { t } = useTranslation('setup')
  const { now } = props
  const { lastComplete, incompleteNow, complete, incomplete } = props.rounds
  const why = incompleteNow?.troubles.map((trouble) => t(`rounds.why.${trouble}`))
  return (
    <div className="device__blind" data-round={incompleteNow ? 'incomplete' : 'complete'}>
      {incompleteNow && why ? (
        <div>
          <HealthState level="attention" word={t('rounds.incomplete')} />{' '}
          {t('rounds.now', {
            span: spanText(incompleteNow, now),
            n: incompleteNow.tags,
            why: why.join(t('said.and')),
          })}
        </div>
      ) : null}
      {lastComplete
        ? t('rounds.last', { span: spanText(lastComplete, now), n: lastComplete.tags })
        : t('rounds.none')}
      {t('rounds.day', { complete, incomplete })}
    </div>
  )
}
