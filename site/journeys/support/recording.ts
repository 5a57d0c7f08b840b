/** The diary of a page: reports as they came in and words as they were shown, in the order of the page. */
import { fileURLToPath } from 'node:url'
import type { BankView } from '@lantai/contracts'
import type { Visitor } from '../stage.ts'

type Probe = 'step' | 'end' | 'banks' | 'targetShare'
export type Entry =
  | { readonly reported: BankView }
  | { readonly probe: Probe; readonly value: string | number | null }

const script = fileURLToPath(new URL('recorder.js', import.meta.url))

/** From the next load of the page on, everything is written down. */
export const startRecording = (visitor: Visitor) => visitor.context.addInitScript({ path: script })

export class Recording {
  readonly entries: readonly Entry[]

  private constructor(entries: readonly Entry[]) {
    this.entries = entries
  }

  /** What was written down since `from` entries. */
  static async of(visitor: Visitor, from = 0): Promise<Recording> {
    const all = (await visitor.page.evaluate('window.lantaiLog')) as Entry[]
    return new Recording(all.slice(from))
  }

  /** What one probe showed, one after the other. */
  shown(probe: Probe): (string | number | null)[] {
    return this.entries.flatMap((e) => ('probe' in e && e.probe === probe ? [e.value] : []))
  }
  /** When a probe first showed this; -1 when it never did. */
  firstShown(probe: Probe, matches: (value: string) => boolean): number {
    return this.entries.findIndex(
      (e) => 'probe' in e && e.probe === probe && typeof e.value === 'string' && matches(e.value),
    )
  }
  reports(bank: string): BankView[] {
    return this.entries.flatMap((e) =>
      'reported' in e && e.reported.bank === bank ? [e.reported] : [],
    )
  }
  firstReported(bank: string, matches: (view: BankView) => boolean): number {
    return this.entries.findIndex(
      (e) => 'reported' in e && e.reported.bank === bank && matches(e.reported),
    )
  }
}
