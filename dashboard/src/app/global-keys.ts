import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { useTranslation } from 'react-i18next'
import { useBanks } from '../lib/banks.ts'
import { type KeyBinding, startKeys, useKeys } from '../lib/keys.ts'
import { useMe } from '../lib/session.ts'
import { requestStop } from '../lib/stop.ts'
import { createStore } from '../lib/store.ts'
import { showToast } from '../lib/toasts.ts'
import { useUndo } from '../ui/toast-stack.tsx'
import { screensOf } from './screens.ts'

export const keyListOpen = createStore(false)

/** The one search and scan field carries this id. */
export const searchFieldId = 'search-field'

const hasText = (e: Element | null): boolean =>
  (e instanceof HTMLInputElement || e instanceof HTMLTextAreaElement) && e.value !== ''

function focusSearch(): boolean {
  const field = document.getElementById(searchFieldId)
  if (!(field instanceof HTMLInputElement)) return false
  field.focus()
  field.select()
  return true
}

/** Keys that work on every screen. F8 asks every bank to stop: it is not for us to guess which one is meant. */
export function useGlobalKeys(): void {
  const { t } = useTranslation()
  const navigate = useNavigate()
  const list = screensOf(useMe())
  const banks = useBanks().map((b) => b.view.bank)
  const undo = useUndo()
  useEffect(() => startKeys(), [])
  const stop = () => {
    if (banks.length === 0) showToast(t('stop.none'), { tone: 'trouble' })
    else void requestStop(banks)
  }
  const go: KeyBinding[] = list.map((s, i) => ({
    keys: `g ${i + 1}`,
    label: t(`nav.${s.id}`),
    run: () => void navigate({ to: s.to }),
  }))
  useKeys(t('keys.global'), [
    { keys: '/', label: t('keys.search'), run: focusSearch },
    ...go,
    { keys: 'F8', label: t('keys.stop'), inFields: true, run: stop },
    {
      keys: 'Ctrl+Z',
      label: t('keys.undo'),
      inFields: true,
      // In a field that holds text the browser's own undo is meant.
      run: () => (hasText(document.activeElement) ? false : undo()),
    },
    { keys: '?', label: t('keys.list'), run: () => keyListOpen.set(true) },
    {
      keys: 'Escape',
      label: t('keys.escape'),
      inFields: true,
      run: () => (keyListOpen.get() ? keyListOpen.set(false) : false),
    },
  ])
}
