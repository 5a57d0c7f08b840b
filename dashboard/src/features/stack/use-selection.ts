/** What is looked at: a box that is sought, or a place. The address bar holds the same, so that it can be sent. */
import { type Address, formatAddress, parseAddress } from '@lantai/contracts'
import { useNavigate, useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'

export type Selection =
  | { by: 'box'; code: string }
  | { by: 'place'; place: Address; code: string | null }
  | { by: 'nothing' }

interface Link {
  at?: string
  box?: string
  household?: string
}

export function selectionOf(link: Link): Selection {
  if (link.box) return { by: 'box', code: link.box }
  const place = link.at ? parseAddress(link.at) : null
  return place ? { by: 'place', place, code: null } : { by: 'nothing' }
}

export function linkOf(s: Selection): Link {
  if (s.by === 'box') return { box: s.code }
  return s.by === 'place' ? { at: formatAddress(s.place) } : {}
}

/** A held arrow key moves thirty times a second; browsers throttle the history long before that. */
const writeAfterMs = 300

export function useSelection() {
  const search = useSearch({ strict: false }) as Link
  const navigate = useNavigate()
  const [selection, setSelection] = useState(() => selectionOf(search))
  const written = useRef(keyOf(search))
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined)
  const household = search.household ?? null

  useEffect(() => {
    const key = keyOf(search)
    if (key === written.current) return
    written.current = key
    clearTimeout(timer.current)
    setSelection(selectionOf(search))
  }, [search])
  useEffect(() => () => clearTimeout(timer.current), [])

  const write = (link: Link, afterMs: number) => {
    clearTimeout(timer.current)
    timer.current = setTimeout(() => {
      written.current = keyOf(link)
      void navigate({ to: '.', search: link as never, replace: true })
    }, afterMs)
  }
  return {
    selection,
    household,
    select: (s: Selection, keepHousehold = household !== null) => {
      setSelection(s)
      write({ ...linkOf(s), ...(keepHousehold && household ? { household } : {}) }, writeAfterMs)
    },
    setHousehold: (subject: string | null) =>
      write({ ...linkOf(selection), ...(subject ? { household: subject } : {}) }, 0),
  }
}

const keyOf = (l: Link) => JSON.stringify([l.at ?? null, l.box ?? null, l.household ?? null])
