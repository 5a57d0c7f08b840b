/** Both faces of a column, small, drawn from the fill of their shelves; both can be chosen. */
import { sectionOrder, shelfOrder } from '../model/elevation.ts'
import type { LayoutColumn } from '../model/geometry.ts'
import { type ColumnFillBytes, fillOfShelf } from '../model/occupancy.ts'
import { useSay } from '../say.ts'

const cell = { w: 5, h: 4 }

export function FaceThumbs(props: {
  column: LayoutColumn
  bytes: ColumnFillBytes | null
  side: 'A' | 'B'
  shelvesFrom: 'bottom' | 'top'
  onSide: (side: 'A' | 'B') => void
}) {
  const say = useSay()
  return (
    <span className="thumbs">
      {(['A', 'B'] as const).map((side) => (
        <button
          key={side}
          type="button"
          className="thumb"
          aria-pressed={side === props.side}
          aria-label={say('face.flip', { face: `${props.column.column}${side}` })}
          onClick={() => props.onSide(side)}
        >
          {side}
          <Thumb {...props} side={side} />
        </button>
      ))}
    </span>
  )
}

function Thumb(props: {
  column: LayoutColumn
  bytes: ColumnFillBytes | null
  side: 'A' | 'B'
  shelvesFrom: 'bottom' | 'top'
}) {
  const { column, bytes, side } = props
  const sections = sectionOrder(column.sections, side)
  const shelves = shelfOrder(column.shelves, props.shelvesFrom)
  const w = sections.length * cell.w
  const h = shelves.length * cell.h
  return (
    <svg className="thumb__face" viewBox={`0 0 ${w} ${h}`} width={w} height={h} aria-hidden="true">
      {bytes
        ? sections.flatMap((section, x) =>
            shelves.map((shelf, y) => {
              const full = fillOfShelf(bytes, column, side, section, shelf)
              return full > 0 ? (
                <rect
                  key={`${section}.${shelf}`}
                  x={x * cell.w + 0.5}
                  y={y * cell.h + 0.5}
                  width={(cell.w - 1) * full}
                  height={cell.h - 1}
                />
              ) : null
            }),
          )
        : null}
    </svg>
  )
}
