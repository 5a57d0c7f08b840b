/** The way to a slot, in digits and in one sentence. Texts stay in i18n; this decides which one is true. */
import { type Address, aisleOfFace, type LayoutBank } from '@lantai/contracts'

export type WayPart = 'column' | 'face' | 'section' | 'shelf' | 'slot'
export interface WayDigit {
  part: WayPart
  value: string
}

/** The digits of the way strip, in walking order, ending with the last part that is known. */
export function wayDigits(a: Address): WayDigit[] {
  const parts: [WayPart, string | number | undefined][] = [
    ['column', a.column],
    ['face', a.side],
    ['section', a.section],
    ['shelf', a.shelf],
    ['slot', a.slot],
  ]
  const end = parts.findIndex(([, v]) => v === undefined)
  return (end < 0 ? parts : parts.slice(0, end)).map(([part, v]) => ({ part, value: String(v) }))
}

/** How a person gets to a face. */
export type Entry =
  | { kind: 'aisle'; aisle: number; name: string; enterFrom: 'north' | 'south' }
  | { kind: 'endAisle'; aisle: number; name: string; enterFrom: 'north' | 'south' }
  | { kind: 'walkway'; enterFrom: 'north' | 'south' }

/**
 * The way into the aisle that serves a face. Two neighbouring faces share one aisle, `11|12`. The last column's B
 * face opens to the end stop; the first column's A face stands at the open walkway and needs no aisle.
 */
export function entryOf(bank: LayoutBank, column: number, side: 'A' | 'B'): Entry | null {
  const i = bank.columns.findIndex((c) => c.column === column)
  if (i < 0) return null
  const enterFrom = bank.enterFrom
  const aisle = aisleOfFace(bank, column, side)
  if (aisle === null) return { kind: 'walkway', enterFrom }
  const right = bank.columns[bank.columns.findIndex((c) => c.column === aisle) + 1]
  return right
    ? { kind: 'aisle', aisle, name: `${aisle}|${right.column}`, enterFrom }
    : { kind: 'endAisle', aisle, name: `${aisle}|`, enterFrom }
}

/** The name of an aisle as people say it, `11|12`, or `22|` at the end stop. */
export function aisleName(bank: LayoutBank, aisle: number): string {
  const i = bank.columns.findIndex((c) => c.column === aisle)
  return `${aisle}|${bank.columns[i + 1]?.column ?? ''}`
}

/** Just enough of i18next's `t`. */
export type Say = (key: string, values?: Record<string, string | number | boolean>) => string

/** “Column 12, face A, section 3, shelf 4, 2nd from left. Enter aisle 11|12 from the north.” */
export function waySentence(say: Say, a: Address, entry: Entry | null): string {
  const place = wayDigits(a)
    .map(({ part, value }) =>
      part === 'slot'
        ? say('way.say.slot', { count: Number(value), ordinal: true })
        : say(`way.say.${part}`, { value }),
    )
    .join(say('way.say.comma'))
  return say('way.say.whole', { place, entry: entrySentence(say, entry) }).trim()
}

/** `经 11|12 通道，从北侧进` */
export function entrySentence(say: Say, entry: Entry | null): string {
  if (!entry) return ''
  const from = say(`way.from.${entry.enterFrom}`)
  if (entry.kind === 'walkway') return say('way.entry.walkway', { from })
  return say(`way.entry.${entry.kind}`, { name: entry.name, aisle: entry.aisle, from })
}
