import { useEffect, useState } from 'react'

/** The page's monotonic clock, ticking: ages are counted with it, never with the wall clock. */
export function useMono(everyMs = 500): number {
  const [now, set] = useState(() => performance.now())
  useEffect(() => {
    const timer = setInterval(() => set(performance.now()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}
