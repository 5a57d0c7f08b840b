/** 库位: where is this box, and how do I get there? Plan left, elevation right, way strip below (ux 4.2). */
import 'leaflet/dist/leaflet.css'
import '../../ui/panel.css'
import './stack.css'
import './plan/plan.css'
import './plan/bank-tag.css'
import './elevation/elevation.css'
import './way/way.css'
import './side.css'
import './narrow.css'
import { type Address, api, parseAddress, type StackLayout } from '@lantai/contracts'
import { useParams } from '@tanstack/react-router'
import { useMemo, useState } from 'react'
import { useBanks } from '../../lib/banks.ts'
import { useKeys } from '../../lib/keys.ts'
import { link } from '../../lib/live.ts'
import { useCall } from '../../lib/query.ts'
import { useStore } from '../../lib/store.ts'
import { EmptyState } from '../../ui/empty-state.tsx'
import { ErrorNote } from '../../ui/error-note.tsx'
import { Loading } from '../../ui/loading.tsx'
import { findColumn } from './model/occupancy.ts'
import { entryOf } from './model/way.ts'
import { PlanPanel } from './plan/plan-panel.tsx'
import { useSay } from './say.ts'
import { type Side, SideOf } from './side-of.tsx'
import { useSensors } from './use-climate.ts'
import { type Selection, useSelection } from './use-selection.ts'
import { useChosen, useOccupancy, useStackRefresh } from './use-stack-data.ts'
import { WayStrip } from './way/way-strip.tsx'

export function StackScreen() {
  const say = useSay()
  const layout = useCall(api.stack.getLayout, {}, { staleTime: 300_000 })
  const { room } = useParams({ strict: false }) as { room?: string }
  const shown = layout.data?.rooms.find((r) => r.room === room) ?? layout.data?.rooms[0]
  if (layout.error && !layout.data)
    return <ErrorNote error={layout.error} onRetry={() => void layout.refetch()} />
  if (!layout.data) return <Loading />
  if (!shown || layout.data.banks.length === 0) return <EmptyState title={say('map.empty')} />
  return <Stack layout={layout.data} room={shown} />
}

/** What is shown before anything was asked for: the first face of the room. */
function firstFace(layout: StackLayout, room: string): Address | null {
  const column = layout.banks.find((b) => b.room === room)?.columns[0]
  return column ? { column: column.column, side: 'B' } : null
}

function Stack(props: { layout: StackLayout; room: StackLayout['rooms'][number] }) {
  const { layout, room } = props
  const [side, setSide] = useState<Side>({ kind: 'face' })
  const [view, setView] = useState<'map' | 'face'>('map')
  const { selection, select, household, setHousehold } = useSelection()
  const fallback = useMemo(() => firstFace(layout, room.room), [layout, room])
  const chosen = useChosen(selection, fallback)
  const occupancy = useOccupancy()
  const banks = useBanks()
  const sensors = useSensors()
  const offline = useStore(link) === 'lost'
  useStackRefresh()
  const found = chosen.place ? findColumn(layout.banks, chosen.place.column) : null
  const goFace = (face: string) => {
    const place = parseAddress(face)
    if (!place) return
    select({ by: 'place', place, code: null })
    setSide({ kind: 'face' })
    setView('face')
  }
  const acts = useActs({ chosen, found, goFace, setSide, layout })
  const shownSide: Side =
    side.kind === 'face' && household ? { kind: 'household', subject: household } : side
  return (
    <div className={`stack stack--${view}`}>
      <ViewSwitch view={view} onView={setView} />
      <PlanPanel
        layout={layout}
        room={room}
        banks={banks}
        fills={occupancy.fills}
        totals={occupancy.data}
        sensors={sensors.filter((s) => s.room === room.room)}
        target={targetOf(chosen, selection)}
        offline={offline}
        onFace={(column, s) => goFace(`${column}${s}`)}
        onBank={(bank) => {
          setSide({ kind: 'control', bank })
          setView('face')
        }}
      />
      <SideOf
        side={shownSide}
        layout={layout}
        room={room}
        banks={banks}
        chosen={chosen}
        found={found}
        bytes={occupancy.bytes}
        onSide={setSide}
        onSelect={(s) => select(s)}
        onFace={goFace}
        onHousehold={setHousehold}
        onContents={acts.contents}
      />
      <WayStrip
        place={chosen.place}
        bank={found?.bank ?? null}
        code={chosen.code}
        box={chosen.box}
        boxError={chosen.boxFailed}
        requestShown={shownSide.kind === 'request' || shownSide.kind === 'move'}
        onContents={acts.contents}
        onMove={acts.move}
        onRequest={acts.request}
      />
    </div>
  )
}

type Chosen = ReturnType<typeof useChosen>
type Found = ReturnType<typeof findColumn>

const targetOf = (chosen: Chosen, selection: Selection) =>
  chosen.place && selection.by !== 'nothing'
    ? {
        column: chosen.place.column,
        side: chosen.place.side,
        section: chosen.place.section ?? null,
      }
    : null

/** The acts of the way strip and their keys. `O` opens the panel; it never moves anything. */
function useActs(p: {
  chosen: Chosen
  found: Found
  goFace: (face: string) => void
  setSide: (s: Side) => void
  layout: StackLayout
}) {
  const say = useSay()
  const { place, code, box } = p.chosen
  const request = () => {
    const entry = place && p.found ? entryOf(p.found.bank, place.column, place.side) : null
    if (!p.found || !entry || entry.kind === 'walkway') return
    p.setSide({
      kind: 'request',
      bank: p.found.bank.bank,
      request: { verb: 'open', aisle: entry.aisle },
    })
  }
  const move = () => code && p.setSide({ kind: 'move' })
  const contents = () => box && p.setSide({ kind: 'contents' })
  const flip = (side: 'A' | 'B') => () => place && p.goFace(`${place.column}${side}`)
  const step = (by: 1 | -1) => () => {
    const face = place && neighbour(p.layout, place, by)
    if (face) p.goFace(face)
  }
  useKeys(say('title'), [
    { keys: 'o', label: say('action.open'), run: () => request() },
    { keys: 'm', label: say('action.move'), run: () => void move() },
    { keys: '[', label: say('keys.previous'), run: () => void step(-1)() },
    { keys: ']', label: say('keys.next'), run: () => void step(1)() },
    { keys: 'Shift+A', label: say('face.flip', { face: 'A' }), run: () => void flip('A')() },
    { keys: 'Shift+B', label: say('face.flip', { face: 'B' }), run: () => void flip('B')() },
  ])
  return { request, move: () => void move(), contents: () => void contents() }
}

/** The face before or after, through all columns: 11B, 12A, 12B, 13A … */
function neighbour(layout: StackLayout, place: Address, by: 1 | -1): string | null {
  const faces = layout.banks.flatMap((b) =>
    b.columns.flatMap((c) => [`${c.column}A`, `${c.column}B`]),
  )
  return faces[faces.indexOf(`${place.column}${place.side}`) + by] ?? null
}

function ViewSwitch(props: { view: 'map' | 'face'; onView: (v: 'map' | 'face') => void }) {
  const say = useSay()
  return (
    <fieldset className="stack__switch" aria-label={say('view.label')}>
      {(['map', 'face'] as const).map((v) => (
        <button
          key={v}
          type="button"
          className="btn"
          aria-pressed={props.view === v}
          onClick={() => props.onView(v)}
        >
          {say(`view.${v}`)}
        </button>
      ))}
    </fieldset>
  )
}
