import { useTranslation } from 'react-i18next'
import { ageOf, useNow } from '../lib/time.ts'

export const useAgeText = (): ((ms: number | null) => string) => {
  const { t } = useTranslation()
  return (ms) => {
    if (ms === null) return t('age.never')
    const { unit, n } = ageOf(ms)
    return t(`age.${unit}`, { n })
  }
}

/** `6 min 前` of a server instant, counting on by itself. */
export function Ago(props: { at: string | null }) {
  const now = useNow()
  const text = useAgeText()
  return <>{text(props.at === null ? null : now - Date.parse(props.at))}</>
}
