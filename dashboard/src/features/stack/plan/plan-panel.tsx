/** The left panel: facts of the room, the plan or its list, and one line that says what the drawing means. */
import type { api, ResponseOf } from '@lantai/contracts'
import { useState } from 'react'
import { percent } from '../model/occupancy.ts'
import type { FitChoice } from '../model/plan-fit.ts'
import { useSay } from '../say.ts'
import { BankList } from './bank-list.tsx'
import { PlanMap, type PlanProps } from './plan-map.tsx'

export function PlanPanel(
  props: Omit<PlanProps, 'fitChoice' | 'onHover'> & {
    totals: ResponseOf<typeof api.stack.getOccupancy> | null
  },
) {
  const say = useSay()
  const [fitChoice, setFit] = useState<FitChoice>('banks')
  const [asList, setAsList] = useState(false)
  const [hovered, setHovered] = useState<number | null>(null)
  const { room, totals, layout } = props
  const columns = layout.banks
    .filter((b) => b.room === room.room)
    .reduce((n, b) => n + b.columns.length, 0)
  const shown: PlanProps = { ...props, fitChoice, onHover: setHovered }
  return (
    <section className="panel plan-panel" aria-label={room.label}>
      <header className="panel__head">
        <h2>{say('room.title', { room: room.label, area: room.areaM2 })}</h2>
        <span className="panel__facts">
          {totals
            ? say('facts', {
                columns,
                boxes: totals.boxes.toLocaleString('en-US'),
                share: (totals.occupied * 100).toFixed(1),
              })
            : say('factsUnknown', { columns })}
        </span>
        <span className="plan-panel__tools">
          {(['banks', 'room'] as const).map((c) => (
            <button
              key={c}
              type="button"
              className="btn btn--small"
              aria-pressed={fitChoice === c && !asList}
              onClick={() => {
                setFit(c)
                setAsList(false)
              }}
            >
              {say(`fit.${c}`)}
            </button>
          ))}
          <button
            type="button"
            className="btn btn--small"
            aria-pressed={asList}
            onClick={() => setAsList(!asList)}
          >
            {say('view.list')}
          </button>
        </span>
      </header>
      <div className="panel__body plan-panel__body">
        {asList ? <BankList {...shown} /> : <PlanMap {...shown} />}
      </div>
      <PlanLegend hovered={hovered} {...shown} />
    </section>
  )
}

function PlanLegend(props: PlanProps & { hovered: number | null }) {
  const say = useSay()
  const fill = props.hovered === null ? null : props.fills.get(props.hovered)
  const column = props.layout.banks
    .flatMap((b) => b.columns)
    .find((c) => c.column === props.hovered)
  return (
    <div className="plan-legend">
      {fill && column ? (
        <span>
          {say(column.fixed ? 'map.hoverFixed' : 'map.hover', {
            column: column.column,
            a: percent(fill.a),
            b: percent(fill.b),
          })}
        </span>
      ) : (
        <>
          <span>
            <i className="plan-key plan-key--fill" /> {say('map.legendFill')}
          </span>
          <span>
            <i className="plan-key plan-key--fixed" /> {say('map.legendFixed')}
          </span>
          <span>
            <i className="plan-key plan-key--aisle" /> {say('map.legendAisle')}
          </span>
          <span>
            <i className="plan-key plan-key--ghost" /> {say('map.legendGhost')}
          </span>
          <span>
            <i className="plan-key plan-key--unknown" /> {say('map.legendUnknown')}
          </span>
        </>
      )}
      <span className="plan-legend__stop">{say('map.stopCaption')}</span>
    </div>
  )
}
