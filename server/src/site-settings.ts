/** What a site decides and no device says; constants until there is a screen for them. */
export const siteSettings = {
  /** Days of loans and of the overview are days of the site. */
  timeZone: 'Asia/Shanghai',
  /** Paper, 1987 rule (domain 3.13). */
  climate: {
    temperature: { low: 14, high: 24 },
    humidity: { low: 45, high: 60 },
  },
  /** The longest loan. */
  longestLoanDays: 90,
} as const

const dayFormat = new Intl.DateTimeFormat('en-CA', {
  timeZone: siteSettings.timeZone,
  year: 'numeric',
  month: '2-digit',
  day: '2-digit',
})

/** The calendar day of the site, `2026-11-22`. */
export const siteDay = (at: Date): string => dayFormat.format(at)

/** Days from one calendar day to another; negative when `to` is earlier. */
export const daysBetween = (from: string, to: string): number =>
  Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000)

/** The instant at which a calendar day of the site begins. */
export function startOfSiteDay(day: string): Date {
  const utc = Date.parse(`${day}T00:00:00Z`)
  // The offset is asked twice: the first answer may lie on the other side of a change of the clocks.
  const first = utc - offsetMs(new Date(utc))
  return new Date(utc - offsetMs(new Date(first)))
}

const partsFormat = new Intl.DateTimeFormat('en-US', {
  timeZone: siteSettings.timeZone,
  hourCycle: 'h23',
  year: 'numeric',
  month: 'numeric',
  day: 'numeric',
  hour: 'numeric',
  minute: 'numeric',
  second: 'numeric',
})

function offsetMs(at: Date): number {
  const p = Object.fromEntries(partsFormat.formatToParts(at).map((x) => [x.type, Number(x.value)]))
  const [y, mo, d, h, mi, s] = ['year', 'month', 'day', 'hour', 'minute', 'second'].map(
    (k) => p[k] ?? 0,
  ) as [number, number, number, number, number, number]
  return Date.UTC(y, mo - 1, d, h, mi, s) - Math.floor(at.getTime() / 1000) * 1000
}
