import i18next from 'i18next'
import { initReactI18next } from 'react-i18next'
import { recall, remember } from '../remember.ts'
import { en, type zh as Zh, zh } from './resources.ts'

export const languages = ['zh-CN', 'en'] as const
export type Language = (typeof languages)[number]

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common'
    returnNull: false
    resources: typeof Zh
  }
}

/** What a person chose, else the first of the browser's languages that we speak, else zh-CN. */
export function pickLanguage(stored: string | null, browser: readonly string[]): Language {
  const chosen = languages.find((l) => l === stored)
  if (chosen) return chosen
  for (const l of browser) {
    if (l.toLowerCase().startsWith('zh')) return 'zh-CN'
    if (l.toLowerCase().startsWith('en')) return 'en'
  }
  return 'zh-CN'
}

const label = (language: string) => {
  document.documentElement.lang = language
  document.title = i18next.t('common:product')
}

export async function startI18n(): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: pickLanguage(recall('language'), navigator.languages),
    fallbackLng: 'zh-CN',
    supportedLngs: [...languages],
    defaultNS: 'common',
    resources: { 'zh-CN': zh, en },
    interpolation: { escapeValue: false },
    returnNull: false,
  })
  label(i18next.language)
  i18next.on('languageChanged', label)
}

export async function chooseLanguage(language: Language): Promise<void> {
  remember('language', language)
  await i18next.changeLanguage(language)
}
