/** Text on the plan, as DOM above the Leaflet panes: numbers under the rails, names of doors and fixtures. */
import type { LayoutBank, StackLayout } from '@lantai/contracts'
import type { Rect } from '../model/chips.ts'
import { labelStep } from '../model/geometry.ts'
import { useSay } from '../say.ts'
import type { MapView } from './use-leaflet.ts'

/** Two or three tabular digits of 12 px. */
const numberPx = (n: number) => String(n).length * 6.7
export const numberRowPx = 20
/** Lines of a bank's words below its name: one, on a narrow bank two. What is more is cut off, and told elsewhere. */
export const tagLines = (widthPx: number) => (widthPx >= 300 ? 1 : 2)
/** Room kept free above a bank for its words and its stop; a finger's height. */
const tagPx = (widthPx: number) =>
  Math.max(24 + 17 * tagLines(widthPx), matchMedia('(pointer: coarse)').matches ? 54 : 0)

/** The words of a bank may reach to the next bank of its row; longer ones take a second line. */
export function tagWidth(bank: LayoutBank, banks: readonly LayoutBank[], view: MapView): number {
  const railPx = bank.railMm * view.pxPerMm
  const x = view.at(bank.xMm, bank.yMm).x
  const next = banks
    .filter((b) => b.xMm > bank.xMm && Math.abs(b.yMm - bank.yMm) < bank.depthMm)
    .map((b) => view.at(b.xMm, b.yMm).x - 12 - x)
  const free = Math.min(...next, view.width - x - 4)
  return Math.max(railPx, Math.min(free, 320))
}

export function ColumnNumbers(props: {
  bank: LayoutBank
  positions: ReadonlyMap<number, number>
  view: MapView
  target: number | null
}) {
  const { bank, view } = props
  const last = bank.columns.at(-1)
  const pitch = Math.min(...bank.columns.map((c) => c.widthMm)) * view.pxPerMm
  const step = labelStep(pitch, numberPx(last?.column ?? 0))
  const y = bank.yMm + bank.depthMm
  const targetAt = props.target === null ? undefined : props.positions.get(props.target)
  /** The number of the target is always written; a neighbour gives way to it. */
  const touches = (at: number) =>
    targetAt !== undefined &&
    Math.abs(at - targetAt) * view.pxPerMm < numberPx(last?.column ?? 0) + 2
  return (
    <>
      {bank.columns.map((c, i) => {
        const at = props.positions.get(c.column)
        const isTarget = c.column === props.target
        if (at === undefined || (i % step !== 0 && !isTarget)) return null
        if (!isTarget && touches(at)) return null
        const p = view.at(bank.xMm + at + c.widthMm / 2, y)
        return (
          <span
            key={c.column}
            className={isTarget ? 'plan-number plan-number--target' : 'plan-number'}
            style={{ left: p.x, top: p.y + 3 }}
          >
            {c.column}
          </span>
        )
      })}
    </>
  )
}

export function RoomLabels(props: { room: StackLayout['rooms'][number]; view: MapView }) {
  const say = useSay()
  const { room, view } = props
  const named = room.fixtures.filter((f) => f.kind === 'desk' || f.kind === 'gate')
  return (
    <>
      {named.map((f) => {
        const p = view.at(f.xMm, f.yMm + (f.kind === 'desk' ? 400 : -1300))
        return (
          <span key={f.id} className="plan-label" style={{ left: p.x, top: p.y + 2 }}>
            {f.label}
          </span>
        )
      })}
      {room.doors.map((d) => {
        const along = d.wall === 'north' || d.wall === 'south'
        // Beside the door, not in it: a gate often stands in front.
        const p = view.at(
          d.xMm + (along ? d.widthMm / 2 : 0),
          d.yMm + (along ? 0 : d.widthMm + 500),
        )
        return (
          <span
            key={d.id}
            className={`plan-label plan-label--${d.wall}`}
            style={{ left: p.x, top: p.y }}
          >
            {say('door', { label: d.label })}
          </span>
        )
      })}
    </>
  )
}

/** What chips must keep off: banks with their words and numbers, and the named fixtures. */
export function takenBy(
  banks: readonly LayoutBank[],
  room: StackLayout['rooms'][number],
  view: MapView,
): Rect[] {
  const bankRects = banks.map((b) => {
    const p = view.at(b.xMm, b.yMm)
    const w = tagWidth(b, banks, view)
    const tag = tagPx(w)
    const h = b.depthMm * view.pxPerMm + tag + numberRowPx + 4
    return { x: p.x - 6, y: p.y - tag - 3, w: w + 12, h }
  })
  const fixtures = room.fixtures
    .filter((f) => f.kind === 'desk' || f.kind === 'gate')
    .map((f) => {
      const p = view.at(f.xMm, f.yMm)
      return { x: p.x - 36, y: p.y - 16, w: 72, h: 54 }
    })
  const doors = room.doors.map((d) => {
    const p = view.at(d.xMm, d.yMm)
    const px = d.widthMm * view.pxPerMm
    return { x: p.x - 60, y: p.y - 14, w: px + 74, h: px + 28 }
  })
  return [...bankRects, ...fixtures, ...doors]
}
