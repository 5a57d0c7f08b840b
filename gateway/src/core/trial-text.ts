import type { TestReport } from '@lantai/contracts'

const ms = (n: number) => `${String(n).padStart(6)} ms`

/** A trial as one text that a person can copy into a message; plain English, for whoever made the device. */
export function trialText(r: Omit<TestReport, 'text'>, explained: readonly string[]): string {
  const section = (title: string, lines: readonly string[]) =>
    lines.length > 0 ? ['', `${title}:`, ...lines.map((l) => `  ${l}`)] : []
  const detail = (text: string | null) => (text ? ` (${text})` : '')
  return [
    `Trial of ${r.device}, driver ${r.driver}, ${r.startedAt}, ${r.lastedMs} ms: ${r.verdict}`,
    `${r.bytesToDevice} bytes to the device, ${r.bytesToUs} bytes from it, ${r.badFrames} bad frames`,
    ...section('Settings', r.settings.split('\n')),
    ...section(
      'Link',
      r.links.map((l) => `${ms(l.afterMs)} ${l.what}${detail(l.detail)}`),
    ),
    ...section('Protocol', explained),
    ...section(
      'Health',
      r.health.map((h) => `${ms(h.afterMs)} ${h.state}${detail(h.detail)}`),
    ),
    ...section('First words', r.first),
    ...section(
      'Events',
      Object.entries(r.events).map(([kind, n]) => `${kind}: ${n}`),
    ),
    ...section(
      'Bytes (first 64 of each chunk)',
      r.frames.map((f) => `${ms(f.afterMs)} ${f.to === 'us' ? '<' : '>'} ${f.bytes}: ${f.hex}`),
    ),
  ].join('\n')
}
