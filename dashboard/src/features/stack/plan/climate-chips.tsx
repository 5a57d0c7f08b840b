/** Sensor chips with range bars, in free floor only. A stale value is hollow and carries its age (ux 3). */
import type { SensorView } from '@lantai/contracts'
import { useNow } from '../../../lib/time.ts'
import { useAgeText } from '../../../ui/age.tsx'
import { RangeBar } from '../../../ui/range-bar.tsx'
import { placeChips, type Rect } from '../model/chips.ts'
import { useSay } from '../say.ts'
import { type Gauge, isOut, isStale } from '../use-climate.ts'
import type { MapView } from './use-leaflet.ts'

const size = { w: 176, h: 38 }
/** A sensor this far outside the view has no chip: it would point at nothing. */
const reachPx = 90

function visibleSensors(sensors: readonly SensorView[], view: MapView) {
  const near = ({ x, y }: { x: number; y: number }) =>
    x > -reachPx && y > -reachPx && x < view.width + reachPx && y < view.height + reachPx
  return sensors
    .map((sensor) => ({ sensor, point: view.at(sensor.xMm, sensor.yMm) }))
    .filter((s) => near(s.point))
}

/** A chip further from its sensor than this would speak for another part of the room. */
const farthestPx = 150

export interface PlacedChip {
  sensor: SensorView
  at: Rect
}

/** Chips that find free floor near their sensor, and the sensors that do not. */
export function layChips(
  sensors: readonly SensorView[],
  view: MapView,
  taken: readonly Rect[],
): { placed: PlacedChip[]; homeless: SensorView[] } {
  const shown = visibleSensors(sensors, view)
  const area = { x: 4, y: 4, w: view.width - 8, h: view.height - 8 }
  const points = shown.map((s) => s.point)
  const places = placeChips(points, size, taken, area, farthestPx)
  const placed = shown.flatMap(({ sensor }, i) => {
    const at = places[i]
    return at ? [{ sensor, at }] : []
  })
  const chips = new Set(placed.map((p) => p.sensor))
  return { placed, homeless: sensors.filter((s) => !chips.has(s)) }
}

export function ClimateChips(props: { placed: readonly PlacedChip[] }) {
  return (
    <>
      {props.placed.map(({ sensor, at }) => (
        <Chip key={sensor.sensor} sensor={sensor} at={at} />
      ))}
    </>
  )
}

/** Sensors without a chip speak in the words of the bank that they hang at: lowest to highest fresh value. */
export function BankClimate(props: { sensors: readonly SensorView[]; onlyOut?: boolean }) {
  const now = useNow(5000)
  if (props.sensors.length === 0) return null
  return (
    <span className="bank-climate">
      {(['temperature', 'humidity'] as const).map((q) => (
        <Span
          key={q}
          quantity={q}
          sensors={props.sensors}
          now={now}
          onlyOut={props.onlyOut ?? false}
        />
      ))}
    </span>
  )
}

function Span(props: {
  quantity: Gauge['quantity']
  sensors: readonly SensorView[]
  now: number
  onlyOut: boolean
}) {
  const say = useSay()
  const all = props.sensors.flatMap((s) =>
    s.gauges.filter((g) => g.quantity === props.quantity).map((g) => ({ s, g })),
  )
  const fresh = all.filter(({ s, g }) => g.value !== null && !isStale(g, s.everyMs, props.now))
  const values = fresh.map(({ g }) => (g.value ?? 0).toFixed(props.quantity === 'humidity' ? 0 : 1))
  const sorted = [...new Set(values)].sort((a, b) => Number(a) - Number(b))
  const ends = [...new Set([sorted[0], sorted.at(-1)])].filter((v) => v !== undefined)
  const out = fresh.some(({ g }) => isOut(g))
  const name = say(`climate.${props.quantity}`)
  const band = all[0]?.g
  const value = `${ends.join('–')} ${props.quantity === 'humidity' ? '%' : '℃'}`
  if (!band || (props.onlyOut && !out)) return null
  return (
    <span
      className={valueLook(ends.length === 0, out)}
      title={say('climate.band', { name, value, low: band.low, high: band.high })}
    >
      {out ? '▲ ' : ''}
      {ends.length === 0 ? `${name} ${say('climate.none')}` : value}
    </span>
  )
}

const valueLook = (stale: boolean, out: boolean) =>
  `climate-chip__value${stale ? ' climate-chip__value--stale' : ''}${out ? ' climate-chip__value--out' : ''}`

function Chip(props: { sensor: SensorView; at: Rect }) {
  const now = useNow(5000)
  const { sensor, at } = props
  const of = (q: Gauge['quantity']) => sensor.gauges.find((g) => g.quantity === q)
  const trouble = sensor.gauges.some((g) => isOut(g) && !isStale(g, sensor.everyMs, now))
  return (
    <div
      className={trouble ? 'climate-chip climate-chip--out' : 'climate-chip'}
      style={{ left: at.x, top: at.y, width: at.w, height: at.h }}
    >
      <div className="climate-chip__name" title={sensor.label}>
        {sensor.label}
      </div>
      <Line gauge={of('temperature')} unit="℃" sensor={sensor} now={now} />
      <Line gauge={of('humidity')} unit="%" sensor={sensor} now={now} />
    </div>
  )
}

function Line(props: { gauge: Gauge | undefined; unit: string; sensor: SensorView; now: number }) {
  const say = useSay()
  const age = useAgeText()
  const g = props.gauge
  if (!g) return null
  const name = `${props.sensor.label} ${say(`climate.${g.quantity}`)}`
  const stale = isStale(g, props.sensor.everyMs, props.now)
  const out = isOut(g) && !stale
  const value = g.value === null ? say('climate.none') : `${g.value.toFixed(1)} ${props.unit}`
  return (
    <div className="climate-chip__line">
      <span className={valueLook(stale, out)}>
        {out ? '▲ ' : ''}
        {value}
      </span>
      {stale ? (
        <span className="climate-chip__age">
          {age(g.at === null ? null : props.now - Date.parse(g.at))}
        </span>
      ) : (
        <RangeBar
          name={name}
          unit={props.unit}
          stale={stale}
          range={{ ...g, now: g.value === null ? [] : [g.value] }}
        />
      )}
    </div>
  )
}
