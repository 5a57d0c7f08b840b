import type { BlindTimes } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { clockText, dayText, momentText } from '../../lib/time.ts'

/** When a device saw nothing or lost reads during the last day, as one sentence: a count over it is not complete. */
export function useBlindText(): (blind: BlindTimes, now: number) => string {
  const { t } = useTranslation('setup')
  return ({ times, lost, last }, now) => {
    const [from, to] = [Date.parse(last.from), Date.parse(last.to)]
    const day = dayText(from) === dayText(now) ? '' : `${momentText(from, now).split(' ')[0]} `
    const span = `${day}${clockText(from)}–${clockText(to)}`
    const said = t('blind.times', { n: times, span })
    return [said, ...(lost > 0 ? [t('blind.lost', { n: lost })] : []), t('blind.so')].join('')
  }
}
