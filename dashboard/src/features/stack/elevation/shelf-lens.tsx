/** The chosen shelf, large enough to read: slot numbers and letters that a spine of five pixels cannot carry. */
import type { ElevationSection } from '../model/elevation.ts'
import { useSay } from '../say.ts'
import { cellClass, isTarget } from './face-grid.tsx'

const marks = {
  onShelf: '',
  lent: 'slot.lentMark',
  misplaced: '!',
  unread: '?',
  reserved: 'slot.reservedMark',
}

export function ShelfLens(props: {
  section: ElevationSection
  shelfWidthMm: number
  cell: number | null
  target: string | null
  onCell: (cell: number) => void
}) {
  const say = useSay()
  const { section, shelfWidthMm } = props
  const mark = (state: keyof typeof marks) => {
    const m = marks[state]
    return m.length > 1 ? say(m) : m
  }
  return (
    <div className="lens" aria-hidden="true">
      <div className="lens__facts">
        {say('face.shelfLens', {
          section: section.section,
          shelf: section.shelf,
          boxes: section.boxes,
          used: Math.round(section.usedMm),
          width: Math.round(shelfWidthMm),
        })}
      </div>
      <div className="lens__shelf">
        {section.cells.map((cell, i) => {
          const wide = cell.widthMm / shelfWidthMm > 0.035
          return (
            // biome-ignore lint/a11y/useKeyWithClickEvents: a pointer's twin of the grid, which has the keys
            // biome-ignore lint/a11y/noStaticElementInteractions: hidden from assistive tools, which have the grid
            <div
              key={cell.kind === 'slot' ? cell.slot.box : 'room'}
              className={`${cellClass(cell, props.target)}${props.cell === i ? ' spine--at' : ''}`}
              style={{
                left: `${(cell.leftMm / shelfWidthMm) * 100}%`,
                width: `${(cell.widthMm / shelfWidthMm) * 100}%`,
                height:
                  cell.kind === 'slot'
                    ? `calc(${(82 + 18 * cell.rise).toFixed(0)}% - 3px)`
                    : '100%',
              }}
              onClick={() => props.onCell(i)}
            >
              {cell.kind === 'slot' && wide ? (
                <>
                  <span className="lens__mark">{mark(cell.slot.state)}</span>
                  <span className="lens__slot">{cell.slot.slot}</span>
                </>
              ) : null}
              {isTarget(cell, props.target) ? <span className="lens__pin" /> : null}
            </div>
          )
        })}
      </div>
    </div>
  )
}
