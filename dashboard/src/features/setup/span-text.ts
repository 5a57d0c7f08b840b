import { clockText, dayText, momentText } from '../../lib/time.ts'

/** From when to when, with the day where it is not today. */
export function spanText(span: { from: string; to: string }, now: number): string {
  const [from, to] = [Date.parse(span.from), Date.parse(span.to)]
  const day = dayText(from) === dayText(now) ? '' : `${momentText(from, now).split(' ')[0]} `
  return `${day}${clockText(from)}–${clockText(to)}`
}
