import { useEffect } from 'react'
import { playSound } from './sound.ts'
import { useStatus } from './status.ts'

/** An unacknowledged P1 is heard again after this long, until somebody has acknowledged it (ux 4.6). */
const repeatMs = 10_000

/** Sounds for the worst unacknowledged alarm. Muting is not acknowledging: the badge stays. */
export function useAlarmSound(): void {
  const { status } = useStatus()
  const worst = status && status.unacknowledged > 0 ? status.worst : null
  const id = worst?.id
  const priority = worst?.priority
  useEffect(() => {
    if (id === undefined || priority === 3) return undefined
    playSound(priority === 1 ? 'error' : 'attention')
    if (priority !== 1) return undefined
    const timer = setInterval(() => playSound('error'), repeatMs)
    return () => clearInterval(timer)
  }, [id, priority])
}
