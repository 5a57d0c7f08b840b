import type { BlindTimes } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { spanText } from './span-text.ts'

/** When a device saw nothing or lost reads during the last day, as one sentence: a count over it is not complete. */
export function useBlindText(): (blind: BlindTimes, now: number) => string {
  const { t } = useTranslation('setup')
  return ({ times, lost, last }, now) => {
    const said = t('blind.times', { n: times, span: spanText(last, now) })
    return [said, ...(lost > 0 ? [t('blind.lost', { n: lost })] : []), t('blind.so')].join('')
  }
}
