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

/** Rows in order; held still while pointer or focus is inside the element that gets `hold`. */
export function useSteady<T>(next: readonly T[], keyOf: (row: T) => string) {
  const [held, setHeld] = useState(false)
  const shown = useRef<readonly string[]>([])
  const result = held ? holdOrder(shown.current, next, keyOf) : { rows: [...next], waiting: 0 }
  const keys = result.rows.map(keyOf)
  useEffect(() => {
    shown.current = keys
  })
  return {
    ...result,
    /** Lets the newcomers in although the hand is still there. */
    release: () => setHeld(false),
    hold: {
      onPointerEnter: () => setHeld(true),
      onPointerLeave: () => setHeld(false),
      onFocus: () => setHeld(true),
      onBlur: (e: { currentTarget: Element; relatedTarget: EventTarget | null }) => {
        if (!e.currentTarget.contains(e.relatedTarget as Node | null)) setHeld(false)
      },
    },
  }
}
