import { useNavigate } from '@tanstack/react-router'
import { useEffect } from 'react'
import { sessionLost } from '../lib/api.ts'
import { forgetBanks } from '../lib/banks.ts'
import { startLive, stopLive } from '../lib/live.ts'
import { queryClient } from '../lib/query.ts'
import { endedBecause, meQuery } from '../lib/session.ts'
import { forgetStatus } from '../lib/status.ts'

/** Forgets everything of a person who is no longer signed in. */
export function forgetSession(): void {
  stopLive()
  forgetBanks()
  forgetStatus()
  queryClient.clear()
  queryClient.setQueryData(meQuery.queryKey, null)
}

/** Opens the live link for the session, and leads to the sign-in page, and back here, when it has ended. */
export function useSessionWatch(): void {
  const navigate = useNavigate()
  useEffect(() => {
    startLive()
    let told = false
    sessionLost.tell = () => {
      if (told) return
      told = true
      endedBecause.set('expired')
      const from = location.pathname + location.search
      forgetSession()
      void navigate({ to: '/sign-in', search: { from } })
    }
    return () => {
      sessionLost.tell = () => undefined
      stopLive()
    }
  }, [navigate])
}
