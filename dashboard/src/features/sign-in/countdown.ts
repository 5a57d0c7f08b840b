import { useEffect, useState } from 'react'

/** Seconds that are left of `seconds`, counted from the moment that `since` changed. */
export function useCountdown(seconds: number, since: unknown): number {
  const [left, setLeft] = useState(0)
  useEffect(() => {
    const end = performance.now() + seconds * 1000
    const look = () => setLeft(Math.max(0, Math.ceil((end - performance.now()) / 1000)))
    look()
    const timer = setInterval(look, 250)
    return () => clearInterval(timer)
  }, [seconds, since])
  return left
}
