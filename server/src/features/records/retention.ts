/** Retention (保管期限, domain 3.2): `Y` permanent, `D30` thirty years; the older C and D are kept and flagged. */
export type Retention =
  | { readonly kind: 'permanent' }
  | { readonly kind: 'years'; readonly years: number }
  /** 长期 or 短期 of older rules: never turned into years. */
  | { readonly kind: 'legacy'; readonly code: 'C' | 'D' }

/** What a form offers; any other number of years is accepted as well. */
export const offeredRetentions = ['Y', 'D100', 'D50', 'D30', 'D10', 'D5'] as const

/** Reads a retention code. Null for anything else. */
export function parseRetention(text: string): Retention | null {
  const code = text.trim()
  if (code === 'Y' || code === '永久') return { kind: 'permanent' }
  if (code === 'C' || code === '长期') return { kind: 'legacy', code: 'C' }
  if (code === 'D' || code === '短期') return { kind: 'legacy', code: 'D' }
  const years = /^D([1-9]\d{0,2})$/.exec(code)
  return years ? { kind: 'years', years: Number(years[1]) } : null
}

export function formatRetention(retention: Retention): string {
  if (retention.kind === 'permanent') return 'Y'
  return retention.kind === 'legacy' ? retention.code : `D${retention.years}`
}
