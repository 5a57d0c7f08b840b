/** The one search and scan field: results while typing, keyboard from end to end, safe under an IME. */
import './search.css'
import { useNavigate } from '@tanstack/react-router'
import { type KeyboardEvent, useId, useRef, useState } from 'react'
import { useTranslation } from 'react-i18next'
import { searchFieldId } from '../../app/global-keys.ts'
import { useScan } from '../../lib/scanner.ts'
import { playSound } from '../../lib/sound.ts'
import { showToast } from '../../lib/toasts.ts'
import { SearchResults } from './search-results.tsx'
import { type Exact, exactOf, type Goal, goalOf, moveChoice } from './search-state.ts'
import { useSearchAnswer } from './use-search.ts'

function useGo() {
  const navigate = useNavigate()
  return (goal: Goal) => {
    if (goal.to === 'desk') return void navigate({ to: '/desk' })
    const { to: _, ...search } = goal
    return void navigate({ to: '/stacks/{-$room}', search: search as never })
  }
}

/** Follows an exact code; what cannot be followed is said aloud, never guessed. */
function useExact() {
  const { t } = useTranslation('search')
  const go = useGo()
  return (exact: Exact): boolean => {
    switch (exact.kind) {
      case 'box':
        go({ to: 'stack', box: exact.code })
        return true
      case 'place':
        go({ to: 'stack', at: exact.at })
        return true
      case 'misread':
        playSound('error')
        showToast(t('misread', { code: exact.text }), { tone: 'trouble' })
        return true
      case 'card':
        go({ to: 'desk' })
        showToast(t('card'))
        return true
      case 'epc':
        return false
    }
  }
}

export function SearchField() {
  const { t } = useTranslation('search')
  const listId = useId()
  const field = useRef<HTMLInputElement>(null)
  const [text, setText] = useState('')
  const [open, setOpen] = useState(false)
  const [choice, setChoice] = useState(-1)
  const [hint, setHint] = useState(false)
  const found = useSearchAnswer(open ? text : '')
  const go = useGo()
  const follow = useExact()
  const hits = found.answer?.hits ?? []

  useScan((scan) => {
    const exact = exactOf(scan.text)
    if (exact && follow(exact)) return true
    // A tag or an unknown string: shown in the field and searched for, where the person sees what was read.
    write(scan.text)
    field.current?.focus()
    return true
  })
  const write = (next: string) => {
    setText(next)
    setChoice(-1)
    setHint(false)
    setOpen(true)
  }
  const close = () => {
    setOpen(false)
    setChoice(-1)
    setHint(false)
  }
  const pick = (index: number) => {
    const hit = hits[index]
    const goal = hit && goalOf(hit)
    if (!goal) return
    close()
    setText('')
    field.current?.blur()
    go(goal)
  }
  const enter = () => {
    if (choice >= 0) return pick(choice)
    const exact = exactOf(text)
    if (exact && follow(exact)) {
      close()
      if (exact.kind === 'misread') return
      setText('')
      // The next key is for what was opened, as after a row of the list.
      field.current?.blur()
      return
    }
    setHint(text.trim() !== '')
  }
  const onKey = (e: KeyboardEvent<HTMLInputElement>) => {
    // While an IME composes, every key belongs to it, Enter and the arrows too.
    if (e.nativeEvent.isComposing || e.keyCode === 229) return
    // Rows of an older question may change under the choice.
    const next = moveChoice(choice, e.key, found.q === text.trim() ? hits.length : 0)
    if (next !== null) {
      e.preventDefault()
      setChoice(next)
      setOpen(true)
    } else if (e.key === 'Enter') {
      e.preventDefault()
      enter()
    } else if (e.key === 'Escape' && (open || text)) {
      e.preventDefault()
      if (open) close()
      else setText('')
    }
  }
  const showsList = open && text.trim() !== ''
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: only watches the focus leave the field and its list
    <div
      className="search"
      onBlur={(e) => {
        if (!e.currentTarget.contains(e.relatedTarget)) close()
      }}
    >
      <input
        ref={field}
        id={searchFieldId}
        className="field"
        type="search"
        role="combobox"
        aria-label={t('placeholder')}
        placeholder={t('placeholder')}
        aria-expanded={showsList}
        aria-controls={listId}
        aria-autocomplete="list"
        aria-activedescendant={choice >= 0 ? `${listId}-${choice}` : undefined}
        autoComplete="off"
        spellCheck={false}
        maxLength={200}
        value={text}
        onChange={(e) => write(e.target.value)}
        onFocus={() => setOpen(true)}
        onKeyDown={onKey}
      />
      {showsList ? (
        <SearchResults
          listId={listId}
          text={text}
          found={found}
          choice={choice}
          exact={exactOf(text)}
          hint={hint}
          onPick={pick}
        />
      ) : null}
    </div>
  )
}
