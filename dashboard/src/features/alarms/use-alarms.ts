import { type AlarmView, api } from '@lantai/contracts'
import { useState } from 'react'
import { useTranslation } from 'react-i18next'
import { call } from '../../lib/api.ts'
import { useLiveCall } from '../../lib/live-query.ts'
import { keyOf, queryClient, refetchRoute } from '../../lib/query.ts'
import { showToast } from '../../lib/toasts.ts'
import { compareAlarms, mergeAlarms } from './order.ts'

const openArgs = { query: { show: 'open' as const } }
type Answer = { alarms: AlarmView[]; lastClosedAt: string | null }

const patch = (data: Answer, delta: { alarms: AlarmView[] }): Answer => ({
  ...data,
  alarms: [...mergeAlarms(data.alarms, delta.alarms)],
})

/** Open alarms, every one whatever its age, kept fresh by the room `alarms`. */
export function useOpenAlarms() {
  const query = useLiveCall(api.alarms.listAlarms, openArgs, 'alarms', patch)
  const open = (query.data?.alarms ?? []).filter((a) => a.state !== 'closed').sort(compareAlarms)
  return { ...query, open, lastClosedAt: query.data?.lastClosedAt ?? null }
}

/** What an alarm is about and where, in words. */
export function useAlarmWords() {
  const { t } = useTranslation('alarms')
  const what = (a: AlarmView) => t(`kind.${a.kind}`)
  const where = (a: AlarmView) => {
    const place =
      a.where.label ?? [a.where.room, a.where.bank, a.where.device].filter(Boolean).join(' · ')
    // Two boxes at one door are two alarms: each row names its own.
    return [a.where.box, place].filter(Boolean).join(' · ') || '–'
  }
  const value = (a: AlarmView) =>
    a.value === null || a.limit === null ? null : { value: digits(a.value), limit: digits(a.limit) }
  return { what, where, value }
}
const digits = (n: number) => String(Math.round(n * 10) / 10)

/** Acknowledging is not optimistic: the row changes when the server has said so. */
export function useAcknowledge() {
  const { t } = useTranslation('alarms')
  const { what } = useAlarmWords()
  const [busy, setBusy] = useState<string | null>(null)
  const [error, setError] = useState<{ alarm: string; error: unknown } | null>(null)
  const acknowledge = async (a: AlarmView, comment: string) => {
    if (busy) return
    setBusy(a.id)
    setError(null)
    try {
      const body = comment.trim() ? { comment: comment.trim() } : {}
      const done = await call(api.alarms.acknowledgeAlarm, { params: { alarm: a.id }, body })
      const queryKey = keyOf(api.alarms.listAlarms, openArgs)
      queryClient.setQueryData<Answer>(queryKey, (old) => old && patch(old, { alarms: [done] }))
      showToast(t('detail.done', { what: what(a) }))
    } catch (e) {
      setError({ alarm: a.id, error: e })
      void refetchRoute(api.alarms.listAlarms)
    } finally {
      setBusy(null)
    }
  }
  return { acknowledge, busy, error }
}
