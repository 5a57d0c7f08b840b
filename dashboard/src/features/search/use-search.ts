/** Results while typing: debounced, the older question is aborted, and an answer never outlives its question. */
import { api, type ResponseOf } from '@lantai/contracts'
import { useEffect, useState } from 'react'
import { call } from '../../lib/api.ts'
import { isSearchable } from './search-state.ts'

export type SearchAnswer = ResponseOf<typeof api.records.search>
export interface SearchState {
  q: string
  answer: SearchAnswer | null
  error: unknown
  busy: boolean
}

const debounceMs = 120
export const shownHits = 20
const idle: SearchState = { q: '', answer: null, error: null, busy: false }

export function useSearchAnswer(text: string): SearchState {
  const q = text.trim()
  const [state, set] = useState(idle)
  useEffect(() => {
    if (!isSearchable(q)) {
      set(idle)
      return undefined
    }
    const abort = new AbortController()
    set((s) => ({ ...s, busy: true }))
    const timer = setTimeout(() => {
      call(api.records.search, { body: { q, limit: shownHits } }, abort.signal).then(
        (answer) => set({ q, answer, error: null, busy: false }),
        (error: unknown) => {
          if (!abort.signal.aborted) set({ q, answer: null, error, busy: false })
        },
      )
    }, debounceMs)
    return () => {
      clearTimeout(timer)
      abort.abort()
    }
  }, [q])
  return state
}
