import { useTranslation } from 'react-i18next'
import { bare, type FieldKind, type Schema } from './schema-form.ts'

/** Words of a field: the driver's own, else ours for what many have, else its name in the file. */
export function useWords() {
  const { t, i18n } = useTranslation('devices')
  const known = (group: 'field' | 'option', key: string) => {
    const path = `${group}.${key}`
    return i18n.exists(path, { ns: 'devices' }) ? t(path as 'field.id') : null
  }
  const label = (key: string, schema: Schema): string => {
    const { title, 'title:zh': zh } = { ...bare(schema), ...schema }
    return (i18n.language === 'en' ? title : (zh ?? title)) ?? known('field', key) ?? key
  }
  const option = (word: string): string => known('option', word) ?? word
  /** What may be typed: limits of a number, how a list is written. */
  const hint = (schema: Schema, kind: FieldKind): string | null => {
    const { minimum, maximum } = bare(schema)
    if (kind === 'numbers' || kind === 'words') return t('form.commas')
    if (kind === 'secret') return t('form.secret')
    if (minimum === undefined && maximum === undefined) return null
    return t('form.range', { from: minimum ?? '…', to: maximum ?? '…' })
  }
  return { label, option, hint }
}
