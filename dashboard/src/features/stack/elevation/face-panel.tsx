/** 立面: the chosen face, its facts, both thumbnails and the way to the neighbours. */
import { type Address, api, type FaceView, formatAddress, parseAddress } from '@lantai/contracts'
import { useMemo } from 'react'
import { ApiProblem } from '../../../lib/api.ts'
import { useLiveRoom } from '../../../lib/live.ts'
import { useLiveCall } from '../../../lib/live-query.ts'
import { refetchRoute } from '../../../lib/query.ts'
import { EmptyState } from '../../../ui/empty-state.tsx'
import { ErrorNote } from '../../../ui/error-note.tsx'
import { countFace, findCell, type GridPosition, layoutFace } from '../model/elevation.ts'
import type { LayoutColumn } from '../model/geometry.ts'
import { type ColumnFillBytes, percent } from '../model/occupancy.ts'
import { useSay } from '../say.ts'
import { FaceGrid } from './face-grid.tsx'
import { FaceThumbs } from './face-thumbs.tsx'
import { Legend } from './legend.tsx'
import { ShelfLens } from './shelf-lens.tsx'

export interface FacePanelProps {
  place: Address
  column: LayoutColumn
  bytes: ColumnFillBytes | null
  shelvesFrom: 'bottom' | 'top'
  target: string | null
  onPlace: (place: Address, code: string | null) => void
  onFace: (face: string) => void
  onEnter: () => void
}

/** A face is fetched again when the live room says that its content changed. */
export function useFace(face: string) {
  useLiveRoom('stack', {
    onDelta: (d) => {
      if (d.faces.includes(face)) void refetchRoute(api.stack.getFace)
    },
  })
  return useLiveCall(api.stack.getFace, { params: { face } }, 'stack', (data) => data)
}

export function FacePanel(props: FacePanelProps) {
  const say = useSay()
  const { place } = props
  const face = useFace(`${place.column}${place.side}`)
  const data = face.data ?? null
  const counts = data ? countFace(data) : null
  return (
    <section
      className="panel face-panel"
      aria-label={say('face.title', { column: place.column, side: place.side })}
    >
      <header className="panel__head">
        <h2>{say('face.title', { column: place.column, side: place.side })}</h2>
        {counts ? (
          <span className="muted face-panel__facts">
            {say('face.facts', { boxes: counts.boxes, share: percent(counts.occupied) })}
          </span>
        ) : null}
        <FaceThumbs
          {...props}
          side={place.side}
          onSide={(side) => props.onFace(`${place.column}${side}`)}
        />
        <Neighbours data={data} onFace={props.onFace} />
      </header>
      <div className="panel__body face-panel__body">
        {face.error && !data ? (
          <FaceError error={face.error} face={`${place.column}${place.side}`} />
        ) : null}
        {data ? <FaceDrawing {...props} face={data} /> : null}
      </div>
    </section>
  )
}

function FaceError(props: { error: Error; face: string }) {
  const say = useSay()
  if (props.error instanceof ApiProblem && props.error.code === 'not-found')
    return (
      <EmptyState title={say('face.none', { face: props.face })}>{say('face.choose')}</EmptyState>
    )
  return <ErrorNote error={props.error} onRetry={() => void refetchRoute(api.stack.getFace)} />
}

function Neighbours(props: { data: FaceView | null; onFace: (face: string) => void }) {
  const say = useSay()
  const { previous, next } = props.data ?? { previous: null, next: null }
  return (
    <span className="neighbours">
      {previous ? (
        <button
          type="button"
          className="btn btn--small"
          aria-label={say('face.previous', { face: previous })}
          onClick={() => props.onFace(previous)}
        >
          ← <span className="neighbours__name">{previous}</span>
        </button>
      ) : null}
      {next ? (
        <button
          type="button"
          className="btn btn--small"
          aria-label={say('face.next', { face: next })}
          onClick={() => props.onFace(next)}
        >
          <span className="neighbours__name">{next}</span> →
        </button>
      ) : null}
    </span>
  )
}

function FaceDrawing(props: FacePanelProps & { face: FaceView }) {
  const say = useSay()
  const { face, place } = props
  const rows = useMemo(() => layoutFace(face, props.shelvesFrom), [face, props.shelvesFrom])
  const at = findCell(rows, place)
  const go = (to: GridPosition) => {
    const cell = rows[to.row]?.sections[to.section]?.cells[to.cell]
    const address = cell && parseAddress(cell.address)
    if (cell && address) props.onPlace(address, cell.kind === 'slot' ? cell.slot.code : null)
  }
  const shown = at ?? (place.section && place.shelf ? shelfOf(rows, place) : null)
  const section = shown ? rows[shown.row]?.sections[shown.section] : undefined
  return (
    <>
      <FaceGrid
        face={face}
        rows={rows}
        at={roomCell(rows, place) ?? at}
        target={props.target}
        onMove={go}
        onEnter={props.onEnter}
      />
      {section && shown ? (
        <ShelfLens
          section={section}
          shelfWidthMm={face.shelfWidthMm}
          cell={(roomCell(rows, place) ?? at)?.cell ?? null}
          target={props.target}
          onCell={(cell) => go({ ...shown, cell })}
        />
      ) : (
        <p className="lens lens--none muted">
          {say(place.side === 'A' ? 'face.viewA' : 'face.viewB')}
        </p>
      )}
      <Legend />
    </>
  )
}

type Rows = ReturnType<typeof layoutFace>
const shelfOf = (rows: Rows, place: Address): GridPosition | null => {
  const row = rows.findIndex((r) => r.shelf === place.shelf)
  const section = rows[row]?.sections.findIndex((s) => s.section === place.section) ?? -1
  return row < 0 || section < 0 ? null : { row, section, cell: 0 }
}

/** `12A-3-4` without a slot is the free room of that shelf where it has any. */
function roomCell(rows: Rows, place: Address): GridPosition | null {
  if (place.slot !== undefined) return null
  const shelf = shelfOf(rows, place)
  const cells = shelf ? (rows[shelf.row]?.sections[shelf.section]?.cells ?? []) : []
  const last = cells.length - 1
  return shelf && cells[last]?.kind === 'room' && cells[last].address === formatAddress(place)
    ? { ...shelf, cell: last }
    : null
}
