/** The facts behind a refusal, which the server gives in plain English, as keys of the desk texts. */
export interface RefusalFact {
  readonly key: string
  readonly values: Readonly<Record<string, string>>
  /** ISO instant, to be written as people here write it. */
  readonly at?: string
}

const forms: readonly [RegExp, (m: string[]) => RefusalFact][] = [
  [/^(.+), due (\d{4}-\d\d-\d\d)$/, ([, name = '', due = '']) => fact('lent', { name, due })],
  [/^valid until (\d{4}-\d\d-\d\d)$/, ([, day = '']) => fact('validUntil', { day })],
  [/^above the clearance of the borrower$/, () => fact('borrower', {})],
  [
    /^last seen (.+) \((\w+) (\d{4}-\S+Z)\)$/,
    ([, place = '', kind = '', at = '']) => ({ ...fact(`seen.${kind}`, { place }), at }),
  ],
]
const fact = (key: string, values: Record<string, string>): RefusalFact => ({
  key: `fact.${key}`,
  values,
})

/** Null for what has no words of its own: it is shown as the server wrote it. */
export function refusalFact(detail: string): RefusalFact | null {
  for (const [form, read] of forms) {
    const m = form.exec(detail)
    if (m) return read(m)
  }
  return null
}

/** All or nothing: a request names the box that was refused, `LT…: facts`. */
export function splitBox(detail: string): { box: string | null; facts: string | null } {
  const m = /^(LT[0-9A-Z]{8})(?:: (.+))?$/.exec(detail)
  return m ? { box: m[1] ?? null, facts: m[2] ?? null } : { box: null, facts: detail }
}
