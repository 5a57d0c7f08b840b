import './account-menu.css'
import { api } from '@lantai/contracts'
import { useNavigate } from '@tanstack/react-router'
import { Popover } from 'antd'
import { useState } from 'react'
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

export function AccountMenu() {
  const { t } = useTranslation()
  const [open, setOpen] = useState(false)
  const me = useMe()
  const sound = useStore(soundOn)
  const signOut = useSignOut()
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
    <Popover
      content={menu}
      trigger="click"
      placement="bottomRight"
      open={open}
      onOpenChange={setOpen}
      arrow={false}
    >
      <button type="button" className="btn btn--small account__button" aria-expanded={open}>
        {me.name}
      </button>
    </Popover>
  )
}
