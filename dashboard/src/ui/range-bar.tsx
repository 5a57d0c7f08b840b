import './range-bar.css'
import { useTranslation } from 'react-i18next'

export interface Range {
  /** Allowed band. */
  readonly low: number
  readonly high: number
  readonly min24h: number | null
  readonly max24h: number | null
  /** One value, or the lowest and highest of several sensors. */
  readonly now: readonly number[]
}

/** Where a value stands on a bar that shows the band with half its width on both sides; 0…100, clamped. */
export function positionOn(range: Pick<Range, 'low' | 'high'>, value: number): number {
  const band = Math.max(range.high - range.low, 0.1)
  const start = range.low - band / 2
  return Math.min(100, Math.max(0, ((value - start) / (band * 2)) * 100))
}

export const isOut = (range: Pick<Range, 'low' | 'high'>, value: number): boolean =>
  value < range.low || value > range.high

/** 96×6: track, allowed band, 24 h line, now tick. A number without its band is not shown (ux 3). */
export function RangeBar(props: { range: Range; name: string; unit: string; stale: boolean }) {
  const { t } = useTranslation()
  const { range } = props
  const out = range.now.some((v) => isOut(range, v))
  const label = t('range', {
    name: props.name,
    value: range.now.map((v) => `${v.toFixed(1)} ${props.unit}`).join('–'),
    low: range.low,
    high: range.high,
    min: range.min24h?.toFixed(1) ?? '–',
    max: range.max24h?.toFixed(1) ?? '–',
  })
  const x = (v: number) => (positionOn(range, v) * 96) / 100
  return (
    <svg className="range" viewBox="0 -2 96 10" width="96" height="10" role="img">
      <title>{out ? `${label} · ${t('rangeOut')}` : label}</title>
      <rect className="range__track" x="0" y="0" width="96" height="6" />
      <rect
        className="range__band"
        x={x(range.low)}
        y="0"
        width={x(range.high) - x(range.low)}
        height="6"
      />
      {range.min24h === null || range.max24h === null ? null : (
        <rect
          className="range__day"
          x={x(range.min24h)}
          y="2"
          width={Math.max(2, x(range.max24h) - x(range.min24h))}
          height="2"
        />
      )}
      {props.stale
        ? null
        : range.now.map((v) => (
            <rect
              key={v}
              className={isOut(range, v) ? 'range__now range__now--out' : 'range__now'}
              x={Math.min(94, Math.max(0, x(v) - 1))}
              y="-2"
              width="2"
              height="10"
            />
          ))}
    </svg>
  )
}
