/** Lists that do not move under a hand: while it is inside, rows stay where they are (ux 4.1, 4.6). */
import { useEffect, useRef, useState } from 'react'

/**
 * The rows of `next` in the order that `shown` had. Newcomers are left out and counted; rows that left `next` are
 * gone. `shown` is a list of keys.
 */
export function holdOrder<T>(
  shown: readonly string[],
  next: readonly T[],
  keyOf: (row: T) => string,
): { rows: T[]; waiting: number } {
  const byKey = new Map(next.map((row) => [keyOf(row), row]))
  const rows = shown.flatMap((key) => {
    const row = byKey.get(key)
    return row === undefined ? [] : [row]
  })
  return { rows, waiting: next.length - rows.length }
}

/** A pointer that rests for so long is a mouse that was left there, not a hand. */
const restMs = 8000

/**
 * Rows in order; held still while focus is inside the element that gets `hold`, or while a pointer moves there: a
 * screen that nobody touches must show what is new by itself.
 */
export function useSteady<T>(next: readonly T[], keyOf: (row: T) => string) {
  const [focused, setFocused] = useState(false)
  const [pointed, setPointed] = useState(0)
  const held = focused || pointed > 0
  const shown = useRef<readonly string[]>([])
  const result = held ? holdOrder(shown.current, next, keyOf) : { rows: [...next], waiting: 0 }
  const keys = result.rows.map(keyOf)
  useEffect(() => {
    shown.current = keys
  })
  useEffect(() => {
    if (pointed === 0) return undefined
    const timer = setTimeout(() => setPointed(0), restMs)
    return () => clearTimeout(timer)
  }, [pointed])
  const onPointer = (e: { timeStamp: number }) => setPointed(Math.max(1, e.timeStamp))
  return {
    ...result,
    /** Lets the newcomers in although the hand is still there. */
    release: () => {
      setFocused(false)
      setPointed(0)
    },
    hold: {
      onPointerMove: onPointer,
      onPointerDown: onPointer,
      onPointerLeave: () => setPointed(0),
      onFocus: () => setFocused(true),
      onBlur: (e: { currentTarget: Element; relatedTarget: EventTarget | null }) => {
        if (!e.currentTarget.contains(e.relatedTarget as Node | null)) setFocused(false)
      },
    },
  }
}
