import { useTranslation } from 'react-i18next'
import type { SaidPart } from './said.ts'

/** Parts of `said.ts` in the language of the page; the keys are checked by the test of both languages. */
export function useSaid(): (parts: readonly SaidPart[]) => string {
  const { t } = useTranslation('setup')
  const word = (key: string, values: Record<string, unknown>) => t(key as 'title', values)
  return (parts) => parts.map((p) => (p.key ? word(p.key, p.values) : p.text)).join(t('said.and'))
}
