/** The plan: walls and columns by Leaflet, words above it by React, and one pass of paint per change. */
import type { LayoutBank, SensorView, StackLayout } from '@lantai/contracts'
import { columnsWithAisle } from '@lantai/contracts'
import { useEffect, useMemo, useRef, useState } from 'react'
import type { HeardBank } from '../../../lib/banks.ts'
import { nearestBank } from '../model/chips.ts'
import { ghostAisle } from '../model/command-stage.ts'
import { aisleBox } from '../model/geometry.ts'
import { boundsToFit, type FitChoice } from '../model/plan-fit.ts'
import { pictureAt, useSay } from '../say.ts'
import { useMono } from '../use-mono.ts'
import { BankLayer, type Fill } from './bank-layer.ts'
import { BankTag } from './bank-tag.tsx'
import { BankClimate, ClimateChips, layChips } from './climate-chips.tsx'
import { ColumnNumbers, RoomLabels, tagLines, tagWidth, takenBy } from './plan-labels.tsx'
import { roomLayer } from './room-layer.ts'
import { useGlide } from './use-glide.ts'
import { type FitTo, type MapView, useLeaflet, useMapView } from './use-leaflet.ts'

export interface PlanTarget {
  column: number
  side: 'A' | 'B'
  section: number | null
}
export interface PlanProps {
  layout: StackLayout
  room: StackLayout['rooms'][number]
  banks: readonly HeardBank[]
  fills: ReadonlyMap<number, Fill>
  sensors: readonly SensorView[]
  target: PlanTarget | null
  fitChoice: FitChoice
  offline: boolean
  onFace: (column: number, side: 'A' | 'B') => void
  onBank: (bank: string) => void
  onHover: (column: number | null) => void
}

/** Room for the words above the first banks and the numbers below the last ones. */
const paddings = {
  topLeft: [12, 46] as [number, number],
  bottomRight: [10, 24] as [number, number],
}

function useFit(props: PlanProps): FitTo | null {
  const { layout, room, fitChoice } = props
  return useMemo(() => {
    const found = boundsToFit(layout, room.room, fitChoice)
    return found ? { bounds: found.bounds, alignLeft: found.of === 'banks', ...paddings } : null
  }, [layout, room, fitChoice])
}

export function PlanMap(props: PlanProps) {
  const say = useSay()
  const ref = useRef<HTMLDivElement>(null)
  const map = useLeaflet(ref, useFit(props))
  const view = useMapView(map)
  const glide = useGlide(props.banks)
  useEffect(() => {
    if (!map) return undefined
    const layer = roomLayer(props.room).addTo(map)
    return () => {
      layer.remove()
    }
  }, [map, props.room])
  const banks = props.layout.banks.filter((b) => b.room === props.room.room)
  const chips = view && layChips(props.sensors, view, takenBy(banks, props.room, view))
  return (
    <div className="plan">
      <div
        ref={ref}
        className="plan__map"
        role="application"
        aria-label={say('map.label', { room: props.room.label })}
      />
      {view ? (
        <div className="plan__words">
          <RoomLabels room={props.room} view={view} />
          <ClimateChips placed={chips?.placed ?? []} />
          {banks.map((bank) => (
            <BankOnPlan
              key={bank.bank}
              {...props}
              bank={bank}
              map={map}
              view={view}
              reported={glide(bank.bank)}
              homeless={(chips?.homeless ?? []).filter(
                (s) => nearestBank(banks, s, 3500)?.bank === bank.bank,
              )}
            />
          ))}
        </div>
      ) : null}
    </div>
  )
}

interface BankOnPlanProps extends PlanProps {
  bank: LayoutBank
  map: ReturnType<typeof useLeaflet>
  view: MapView
  reported: ReadonlyMap<number, number>
  homeless: readonly SensorView[]
}

/** Where to draw columns nobody has reported yet: closed up, hatched, never as if it were known. */
const unreported = (bank: LayoutBank) => columnsWithAisle(bank, null)

function BankOnPlan(props: BankOnPlanProps) {
  const { bank, view } = props
  const say = useSay()
  const mono = useMono()
  const heard = props.banks.find((b) => b.view.bank === bank.bank) ?? null
  const picture = heard ? pictureAt(heard, mono) : null
  const closedUp = useMemo(() => unreported(bank), [bank])
  const positions = props.reported.size > 0 ? props.reported : closedUp
  const trusted = picture?.trusted ?? false
  usePaint(props, positions, trusted, picture?.openAisle ?? null, heard)
  const from = view.at(bank.xMm, bank.yMm)
  const width = tagWidth(bank, props.layout.banks, view)
  const observed = heard?.view.report?.observed
  return (
    <>
      {trusted ? null : <Hatch bank={bank} view={view} />}
      <ColumnNumbers
        bank={bank}
        positions={positions}
        view={view}
        target={props.target?.column ?? null}
      />
      <BankTag
        layout={bank}
        picture={picture}
        mode={observed && observed.mode !== 'auto' ? say(`bank.mode.${observed.mode}`) : null}
        offline={props.offline}
        climate={<BankClimate sensors={props.homeless} />}
        climateTrouble={<BankClimate sensors={props.homeless} onlyOut />}
        style={{ left: from.x, bottom: view.height - from.y + 5, width }}
        lines={tagLines(width)}
        onOpen={() => props.onBank(bank.bank)}
      />
    </>
  )
}

function usePaint(
  props: BankOnPlanProps,
  positions: ReadonlyMap<number, number>,
  trusted: boolean,
  openAisle: number | null,
  heard: HeardBank | null,
) {
  const { map, bank, onFace, onHover, fills, target } = props
  const [layer, setLayer] = useState<BankLayer | null>(null)
  const events = useRef({ onFace, onHover })
  useEffect(() => {
    events.current = { onFace, onHover }
  })
  useEffect(() => {
    if (!map) return undefined
    const made = new BankLayer(bank, {
      onFace: (column, side) => events.current.onFace(column, side),
      onHover: (column) => events.current.onHover(column),
    }).addTo(map)
    setLayer(made)
    return () => {
      made.remove()
      setLayer(null)
    }
  }, [map, bank])
  useEffect(() => {
    const commanded = ghostAisle(heard?.view.command ?? null, heard?.view.report?.observed ?? null)
    const ghost =
      commanded === null ? null : aisleBox(bank, commanded, columnsWithAisle(bank, commanded))
    const mine = target && bank.columns.some((c) => c.column === target.column) ? target : null
    layer?.paint({ positions, fills, trusted, openAisle, ghost, target: mine })
  }, [layer, bank, positions, fills, trusted, openAisle, heard, target])
}

function Hatch(props: { bank: LayoutBank; view: MapView }) {
  const { bank, view } = props
  const p = view.at(bank.xMm, bank.yMm)
  return (
    <div
      className="plan-hatch"
      style={{
        left: p.x,
        top: p.y,
        width: bank.railMm * view.pxPerMm,
        height: bank.depthMm * view.pxPerMm,
      }}
    />
  )
}
