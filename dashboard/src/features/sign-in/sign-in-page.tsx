import './sign-in.css'
import { api } from '@lantai/contracts'
import { getRouteApi, useNavigate } from '@tanstack/react-router'
import { type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { LanguageChoice, ThemeChoiceRow } from '../../app/preferences.tsx'
import { homeOf } from '../../app/screens.ts'
import { ApiProblem, call } from '../../lib/api.ts'
import { queryClient } from '../../lib/query.ts'
import { endedBecause, meQuery } from '../../lib/session.ts'
import { useStore } from '../../lib/store.ts'
import { tickingText } from '../../lib/time.ts'
import { ErrorNote } from '../../ui/error-note.tsx'
import { useCountdown } from './countdown.ts'

const route = getRouteApi('/sign-in')

function useSignIn() {
  const navigate = useNavigate()
  const { from } = route.useSearch()
  const [busy, setBusy] = useState(false)
  const [error, setError] = useState<unknown>(null)
  const submit = async (account: string, password: string) => {
    setBusy(true)
    setError(null)
    try {
      const me = await call(api.people.signIn, { body: { account, password } })
      endedBecause.set(null)
      queryClient.setQueryData(meQuery.queryKey, me)
      await navigate({ href: from ?? homeOf(me), replace: true })
    } catch (e) {
      setError(e)
    } finally {
      setBusy(false)
    }
  }
  return { busy, error, submit }
}

export function SignInPage() {
  const { t } = useTranslation(['signIn', 'common'])
  const { busy, error, submit } = useSignIn()
  const why = useStore(endedBecause)
  const [caps, setCaps] = useState(false)
  const first = useRef<HTMLInputElement>(null)
  useEffect(() => first.current?.focus(), [])
  const locked = error instanceof ApiProblem ? error.retryAfterSeconds : undefined
  const left = useCountdown(locked ?? 0, error)
  const onSubmit = (e: FormEvent<HTMLFormElement>) => {
    e.preventDefault()
    const form = new FormData(e.currentTarget)
    void submit(String(form.get('account')).trim(), String(form.get('password')))
  }
  const watchCaps = (e: KeyboardEvent) => setCaps(e.getModifierState('CapsLock'))
  return (
    <main className="sign-in" id="main">
      <form className="sign-in__form" onSubmit={onSubmit} aria-labelledby="sign-in-title">
        <h1 id="sign-in-title">{t('common:product')}</h1>
        <p className="muted">{t('what')}</p>
        {why ? <p className="note">{t(why)}</p> : null}
        <label>
          <span className="label">{t('account')}</span>
          <input
            className="field"
            name="account"
            autoComplete="username"
            required
            maxLength={40}
            ref={first}
            spellCheck={false}
            autoCapitalize="none"
          />
        </label>
        <label>
          <span className="label">{t('password')}</span>
          <input
            className="field"
            name="password"
            type="password"
            autoComplete="current-password"
            required
            maxLength={200}
            onKeyUp={watchCaps}
          />
        </label>
        {caps ? <p className="muted small">{t('capsLock')}</p> : null}
        {error ? <ErrorNote error={error} /> : null}
        {left > 0 ? (
          <p aria-live="off">{t('lockedFor', { time: tickingText(left * 1000) })}</p>
        ) : null}
        <button className="btn btn--filled" type="submit" disabled={busy || left > 0}>
          {busy ? t('busy') : t('submit')}
        </button>
      </form>
      <div className="sign-in__choices">
        <LanguageChoice />
        <ThemeChoiceRow />
      </div>
    </main>
  )
}
