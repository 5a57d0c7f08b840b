/** Light or dark: follows the system until a person pins one (ux 2.2). */
import { recall, remember } from './remember.ts'
import { createStore } from './store.ts'

export const themeChoices = ['system', 'light', 'dark'] as const
export type ThemeChoice = (typeof themeChoices)[number]
export type Theme = 'light' | 'dark'

export const resolveTheme = (choice: ThemeChoice, systemDark: boolean): Theme =>
  choice === 'system' ? (systemDark ? 'dark' : 'light') : choice

export const themeChoice = createStore<ThemeChoice>('system')
export const theme = createStore<Theme>('light')

function apply(systemDark: boolean) {
  const resolved = resolveTheme(themeChoice.get(), systemDark)
  document.documentElement.dataset['theme'] = resolved
  theme.set(resolved)
}

/** Called once before the first paint. */
export function startTheme(): void {
  const stored = recall('theme')
  themeChoice.set(themeChoices.find((c) => c === stored) ?? 'system')
  const dark = matchMedia('(prefers-color-scheme: dark)')
  dark.addEventListener('change', (e) => apply(e.matches))
  themeChoice.subscribe(() => {
    remember('theme', themeChoice.get())
    apply(dark.matches)
  })
  apply(dark.matches)
}
