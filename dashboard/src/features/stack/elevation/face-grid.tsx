/**
 * The elevation as a real grid: rows are shelves, cells are boxes and free room. One cell has the focus, arrows move
 * it, and what has the focus is what the way strip shows.
 */
import type { FaceView } from '@lantai/contracts'
import { type KeyboardEvent, useEffect, useRef } from 'react'
import {
  type ElevationCell,
  type ElevationRow,
  type ElevationSection,
  type GridMove,
  type GridPosition,
  moveInGrid,
} from '../model/elevation.ts'
import type { Say } from '../model/way.ts'
import { useSay } from '../say.ts'

const moves: Readonly<Record<string, GridMove>> = {
  ArrowLeft: 'left',
  ArrowRight: 'right',
  ArrowUp: 'up',
  ArrowDown: 'down',
  Home: 'home',
  End: 'end',
}

export interface FaceGridProps {
  face: FaceView
  rows: readonly ElevationRow[]
  at: GridPosition | null
  /** The box that is looked for. */
  target: string | null
  onMove: (to: GridPosition) => void
  onEnter: () => void
}

const same = (a: GridPosition | null, row: number, section: number, cell: number) =>
  a?.row === row && a.section === section && a.cell === cell

export function FaceGrid(props: FaceGridProps) {
  const say = useSay()
  const ref = useRef<HTMLDivElement>(null)
  const roving = props.at ?? firstCell(props.rows)
  useFollowFocus(ref, roving)
  const onKey = (e: KeyboardEvent) => {
    const move = moves[e.key]
    if (e.altKey || e.ctrlKey || e.metaKey || e.shiftKey || !roving) return
    if (e.key === 'Enter') return props.onEnter()
    if (!move) return
    e.preventDefault()
    const to = moveInGrid(props.rows, roving, move)
    if (to) props.onMove(to)
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: a table cannot hold spines of true width
    <div
      ref={ref}
      role="grid"
      tabIndex={-1}
      className="face"
      aria-label={say('face.grid', {
        face: props.face.face,
        sections: props.face.sections,
        shelves: props.face.shelves,
      })}
      onKeyDown={onKey}
    >
      <AxisTop rows={props.rows} current={props.at} />
      {props.rows.map((row, r) => (
        // biome-ignore lint/a11y/useSemanticElements: see the grid
        // biome-ignore lint/a11y/useFocusableInteractive: the cells take the focus
        <div key={row.shelf} role="row" className="face__row">
          {/* biome-ignore lint/a11y/useSemanticElements: see the grid */}
          {/* biome-ignore lint/a11y/useFocusableInteractive: a header is read, not operated */}
          <span
            role="rowheader"
            className="face__shelf"
            aria-label={say('face.shelf', { n: row.shelf })}
          >
            {row.shelf}
          </span>
          {row.sections.map((section, s) => (
            <Shelf
              key={section.section}
              face={props.face}
              rows={props.rows}
              target={props.target}
              onMove={props.onMove}
              onEnter={props.onEnter}
              section={section}
              chosen={props.at !== null}
              place={(cell) => ({ row: r, section: s, cell })}
              isAt={(cell) => same(roving, r, s, cell)}
            />
          ))}
        </div>
      ))}
    </div>
  )
}

function firstCell(rows: readonly ElevationRow[]): GridPosition | null {
  for (const [row, r] of rows.entries())
    for (const [section, s] of r.sections.entries())
      if (s.cells.length > 0) return { row, section, cell: 0 }
  return null
}

/** Keeps the browser's focus on the roving cell while the grid has it; never pulls it in from elsewhere. */
function useFollowFocus(ref: React.RefObject<HTMLDivElement | null>, at: GridPosition | null) {
  const key = at ? `${at.row}.${at.section}.${at.cell}` : ''
  useEffect(() => {
    const grid = ref.current
    if (!grid || key === '' || !grid.contains(document.activeElement)) return
    grid.querySelector<HTMLElement>(`[data-at="${key}"]`)?.focus({ preventScroll: true })
  }, [ref, key])
}

function AxisTop(props: { rows: readonly ElevationRow[]; current: GridPosition | null }) {
  const say = useSay()
  return (
    <div className="face__sections" aria-hidden="true">
      {props.rows[0]?.sections.map((s, i) => (
        <span
          key={s.section}
          className={props.current?.section === i ? 'face__section--current' : undefined}
        >
          {say('face.section', { n: s.section })}
        </span>
      ))}
    </div>
  )
}

interface ShelfProps extends Omit<FaceGridProps, 'at'> {
  section: ElevationSection
  chosen: boolean
  place: (cell: number) => GridPosition
  isAt: (cell: number) => boolean
}

function Shelf(props: ShelfProps) {
  const say = useSay()
  const { section, face } = props
  return (
    <div className="face__bay" role="presentation">
      {section.cells.map((cell, i) => {
        const at = props.place(i)
        const current = props.isAt(i)
        return (
          // biome-ignore lint/a11y/useSemanticElements: see the grid
          // biome-ignore lint/a11y/useKeyWithClickEvents: the grid has the keys of all its cells
          <div
            key={cell.kind === 'slot' ? cell.slot.box : 'room'}
            role="gridcell"
            data-at={`${at.row}.${at.section}.${at.cell}`}
            tabIndex={current ? 0 : -1}
            aria-selected={current && props.chosen}
            aria-label={cellLabel(say, cell)}
            className={cellClass(cell, props.target)}
            style={cellStyle(cell, face.shelfWidthMm, isTarget(cell, props.target))}
            onFocus={() => current || props.onMove(at)}
            onClick={() => props.onMove(at)}
          />
        )
      })}
    </div>
  )
}

export const isTarget = (cell: ElevationCell, target: string | null): boolean =>
  cell.kind === 'slot' && cell.slot.code === target

export function cellClass(cell: ElevationCell, target: string | null): string {
  if (cell.kind === 'room') return 'spine spine--room'
  return `spine spine--${cell.slot.state}${isTarget(cell, target) ? ' spine--target' : ''}`
}

/** Height of the lowest spine; thick boxes rise above it. */
const lowest = 0.8

function cellStyle(cell: ElevationCell, shelfWidthMm: number, target: boolean) {
  const rise = cell.kind === 'slot' ? lowest + (1 - lowest) * cell.rise : 1
  return {
    left: `${(cell.leftMm / shelfWidthMm) * 100}%`,
    width: `${(cell.widthMm / shelfWidthMm) * 100}%`,
    height: `calc(${(rise * 100).toFixed(0)}% - ${target ? 0 : 3}px)`,
  }
}

function cellLabel(say: Say, cell: ElevationCell): string {
  if (cell.kind === 'room')
    return say('face.roomLabel', { address: cell.address, mm: Math.floor(cell.widthMm) })
  return say('face.slotLabel', {
    address: cell.address,
    code: cell.slot.code,
    state: say(`slot.${cell.slot.state}`),
  })
}
