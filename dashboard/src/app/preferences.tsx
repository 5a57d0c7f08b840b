import './account-menu.css'
import { useId } from 'react'
import { useTranslation } from 'react-i18next'
import { chooseLanguage, type Language, languages } from '../lib/i18n/i18n.ts'
import { useStore } from '../lib/store.ts'
import { themeChoice, themeChoices } from '../lib/theme.ts'

/** A row of words of which one is chosen. */
export function Choice<T extends string>(props: {
  label: string
  value: T
  options: readonly { value: T; label: string }[]
  onChoose: (value: T) => void
}) {
  const name = useId()
  return (
    <fieldset className="choice">
      <legend>{props.label}</legend>
      <div className="choice__options">
        {props.options.map((o) => (
          <label key={o.value}>
            <input
              className="sr-only"
              type="radio"
              name={name}
              checked={o.value === props.value}
              onChange={() => props.onChoose(o.value)}
            />
            {o.label}
          </label>
        ))}
      </div>
    </fieldset>
  )
}

export function LanguageChoice() {
  const { t, i18n } = useTranslation()
  return (
    <Choice<Language>
      label={t('menu.language')}
      value={i18n.language as Language}
      options={languages.map((value) => ({ value, label: t(`languageName.${value}`) }))}
      onChoose={(value) => void chooseLanguage(value)}
    />
  )
}

export function ThemeChoiceRow() {
  const { t } = useTranslation()
  return (
    <Choice
      label={t('menu.theme')}
      value={useStore(themeChoice)}
      options={themeChoices.map((value) => ({ value, label: t(`menu.${value}`) }))}
      onChoose={(value) => themeChoice.set(value)}
    />
  )
}
