import { useTranslation } from 'react-i18next'
import { searchFieldId } from '../../app/global-keys.ts'

export function SearchField() {
  const { t } = useTranslation()
  return <input id={searchFieldId} className="field" type="search" aria-label={t('scan.placeholder')} placeholder={t('scan.placeholder')} />
}
