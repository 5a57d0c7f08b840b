import './account-menu.css'
import { api } from '@lantai/contracts'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../lib/api.ts'
import { endedBecause, useMe } from '../lib/session.ts'
import { soundOn } from '../lib/sound.ts'
import { useStore } from '../lib/store.ts'
import { showToast } from '../lib/toasts.ts'
import { useProblemText } from '../ui/error-note.tsx'
import { KeyHint } from '../ui/key-hint.tsx'
import { keyListOpen } from './global-keys.ts'
import { Choice, LanguageChoice, ThemeChoiceRow } from './preferences.tsx'
import { forgetSession } from './session-watch.ts'

function useSignOut() {
  const navigate = useNavigate()
  const problem = useProblemText()
  return async () => {
    try {
      await call(api.people.signOut, {})
    } catch (e) {
      // Still signed in at the server: say so instead of showing a sign-in page that would be a lie.
      showToast(problem(e).text, { tone: 'trouble' })
      return
    }
    endedBecause.set('signedOut')
    forgetSession()
    await navigate({ to: '/sign-in' })
  }
}

/** Closes when the person turns to something else: a press outside, or Esc, which gives the button back its focus. */
function useDismiss(open: boolean, close: () => void) {
  const box = useRef<HTMLDivElement>(null)
  useEffect(() => {
    if (!open) return undefined
    const outside = (e: Event) => {
      if (!box.current?.contains(e.target as Node | null)) close()
    }
    const onEscape = (e: KeyboardEvent) => {
      if (e.key !== 'Escape') return
      close()
      box.current?.querySelector('button')?.focus()
    }
    addEventListener('pointerdown', outside)
    addEventListener('keydown', onEscape)
    return () => {
      removeEventListener('pointerdown', outside)
      removeEventListener('keydown', onEscape)
    }
  })
  return box
}

export function AccountMenu() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const me = useMe()
  const sound = useStore(soundOn)
  const signOut = useSignOut()
  const box = useDismiss(open, () => setOpen(false))
  if (!me) return null
  const menu = (
    <div className="account">
      <p>
        <strong>{me.name}</strong>
        <span className="muted"> · {me.roles.map((r) => t(`role.${r}`)).join(' · ')}</span>
      </p>
      <LanguageChoice />
      <ThemeChoiceRow />
      <Choice
        label={t('menu.volume')}
        value={sound ? 'on' : 'off'}
        options={[
          { value: 'on', label: t('menu.on') },
          { value: 'off', label: t('menu.off') },
        ]}
        onChoose={(v) => soundOn.set(v === 'on')}
      />
      <div className="account__acts">
        <button
          type="button"
          className="btn btn--small"
          onClick={() => {
            setOpen(false)
            keyListOpen.set(true)
          }}
        >
          {t('menu.keys')} <KeyHint keys="?" />
        </button>
        <button type="button" className="btn btn--small" onClick={() => void signOut()}>
          {t('menu.signOut')}
        </button>
      </div>
    </div>
  )
  return (
    <div className="account-menu" ref={box}>
      <button
        type="button"
        className="btn btn--small account__button"
        aria-expanded={open}
        aria-label={`${t('menu.label')} ${me.name}`}
        onClick={() => setOpen(!open)}
      >
        {me.name}
      </button>
      {open ? menu : null}
    </div>
  )
}
