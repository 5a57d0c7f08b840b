/** Time for people. Ages are counted on the page's monotonic clock; the server's clock is the reference. */
import { useEffect, useState } from 'react'
import { createStore } from './store.ts'

/** Server wall clock minus page monotonic clock, in milliseconds; null until the server told its time. */
export const serverOffset = createStore<number | null>(null)

/** Notes the server's time as it arrives. `mono` is `performance.now()` at arrival. */
export function noteServerTime(instant: string, mono = performance.now()): void {
  const at = Date.parse(instant)
  if (!Number.isNaN(at)) serverOffset.set(at - mono)
}

/** The server's wall clock now, or the page's own until it is known. */
export function serverNow(mono = performance.now()): number {
  const offset = serverOffset.get()
  return offset === null ? Date.now() : offset + mono
}

/** Ticks every `everyMs` and returns the server's wall clock in milliseconds. */
export function useNow(everyMs = 1000): number {
  const [now, set] = useState(() => serverNow())
  useEffect(() => {
    const timer = setInterval(() => set(serverNow()), everyMs)
    return () => clearInterval(timer)
  }, [everyMs])
  return now
}

export interface Age {
  readonly unit: 's' | 'min' | 'h' | 'd'
  readonly n: number
}
/** 59 s, 59 min, 47 h, then days; never rounds up, so that nothing looks older or newer than it is. */
export function ageOf(ms: number): Age {
  const s = Math.max(0, Math.floor(ms / 1000))
  if (s < 60) return { unit: 's', n: s }
  if (s < 3600) return { unit: 'min', n: Math.floor(s / 60) }
  if (s < 48 * 3600) return { unit: 'h', n: Math.floor(s / 3600) }
  return { unit: 'd', n: Math.floor(s / 86_400) }
}

const pad = (n: number) => String(n).padStart(2, '0')

/** `14:03:11` in the browser's zone. */
export function clockText(ms: number): string {
  const d = new Date(ms)
  return `${pad(d.getHours())}:${pad(d.getMinutes())}:${pad(d.getSeconds())}`
}

/** `2026-11-22` in the browser's zone. */
export function dayText(ms: number): string {
  const d = new Date(ms)
  return `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`
}

/** `14:03` when it is the same day as `now`, `11-20 14:03` in the same year, else with the year. */
export function momentText(at: number | string, now = serverNow()): string {
  const ms = typeof at === 'string' ? Date.parse(at) : at
  const d = new Date(ms)
  const time = `${pad(d.getHours())}:${pad(d.getMinutes())}`
  const day = dayText(ms)
  const today = dayText(now)
  if (day === today) return time
  return day.slice(0, 4) === today.slice(0, 4) ? `${day.slice(5)} ${time}` : `${day} ${time}`
}

/** Counts up as time passes: `3:07`, `1:02:09`, `5 d 03 h`; for the ticking "since" of an alarm. */
export function tickingText(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000))
  const h = Math.floor(s / 3600)
  if (h >= 48) return `${Math.floor(h / 24)} d ${pad(h % 24)} h`
  const rest = `${pad(Math.floor(s / 60) % 60)}:${pad(s % 60)}`
  return h > 0 ? `${h}:${rest}` : rest
}
