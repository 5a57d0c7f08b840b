/** Due dates as calendar days of the site, `2026-12-06`. Calendar arithmetic only: a day is not 24 hours. */
const pad = (n: number) => String(n).padStart(2, '0')

/** The calendar day of a moment, in this browser's time zone. */
export const dayOf = (d: Date): string =>
  `${d.getFullYear()}-${pad(d.getMonth() + 1)}-${pad(d.getDate())}`

export function addDays(day: string, days: number): string {
  const [y, m, d] = day.split('-').map(Number) as [number, number, number]
  const t = new Date(Date.UTC(y, m - 1, d + days))
  return `${t.getUTCFullYear()}-${pad(t.getUTCMonth() + 1)}-${pad(t.getUTCDate())}`
}

/** Whole days from one day to another; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

export const isDay = (text: string): boolean =>
  /^\d{4}-\d\d-\d\d$/.test(text) && addDays(text, 0) === text

/** The default loan is two weeks; the others are one key or tap away. */
export const defaultLoanDays = 14
export const quickDays = [7, 14, 30] as const
