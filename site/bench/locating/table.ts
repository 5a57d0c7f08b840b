/** Markdown tables of the benchmark: printed on standard error, and pasted as they are into docs/locating.md. */

export type Row = readonly string[]

/** Columns as wide as their widest cell; the first is set left, the others right. */
export function table(head: Row, rows: readonly Row[]): string {
  const widths = head.map((h, i) =>
    Math.max(3, ...[h, ...rows.map((r) => r[i] ?? '')].map((c) => c.length)),
  )
  const line = (cells: Row) =>
    `| ${widths.map((w, i) => (i === 0 ? (cells[i] ?? '').padEnd(w) : (cells[i] ?? '').padStart(w))).join(' | ')} |`
  const rule = widths.map((w, i) => (i === 0 ? '-'.repeat(w) : `${'-'.repeat(w - 1)}:`))
  return [line(head), line(rule), ...rows.map(line)].join('\n')
}

/** `87.3`, or a dash where there is nothing. */
export const percent = (share: number, digits = 1): string =>
  Number.isFinite(share) ? (100 * share).toFixed(digits) : '–'

export const number = (value: number, digits = 1): string =>
  Number.isFinite(value) ? value.toFixed(digits) : '–'

/** `87.3 (81–92)`: the pooled share with the least and the most of the seeds. */
export const percentSpread = (share: number, { min, max }: { min: number; max: number }): string =>
  Number.isFinite(share) ? `${percent(share)} (${percent(min, 0)}–${percent(max, 0)})` : '–'
