/** The room to scale, its banks standing as the controllers report. Unknown is hatched, never guessed (rule S6). */
import './room-sketch.css'
import { columnsWithAisle, type LayoutBank, type StackLayout } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import { type HeardBank, useBanks } from '../../lib/banks.ts'
import { useNow } from '../../lib/time.ts'
import { useSize } from '../../lib/use-size.ts'
import { pictureAt } from '../stack/say.ts'

type Room = StackLayout['rooms'][number]

/** Left edges as reported; where a column was never reported, nothing is drawn for it. */
function reported(bank: LayoutBank, heard: HeardBank | undefined): ReadonlyMap<number, number> {
  const observed = heard?.view.report?.observed
  if (!observed) return columnsWithAisle(bank, null)
  return new Map(observed.columns.flatMap((c) => (c.xMm === null ? [] : [[c.column, c.xMm]])))
}

function Bank(props: { bank: LayoutBank; heard: HeardBank | undefined; px: number }) {
  const { bank, heard, px } = props
  useNow()
  const picture = heard ? pictureAt(heard, performance.now()) : null
  const known = picture?.trusted === true
  const at = reported(bank, heard)
  const aisle = known ? picture.openAisle : null
  const left = bank.columns.find((c) => c.column === aisle)
  const edge = left && at.get(left.column)
  return (
    <g transform={`translate(${bank.xMm * px} ${bank.yMm * px})`}>
      {bank.columns.map((c) => {
        const x = at.get(c.column)
        return x === undefined ? null : (
          <rect
            key={c.column}
            className={known ? 'sketch__column' : 'sketch__column sketch__column--unknown'}
            x={x * px + 0.5}
            y={0}
            width={Math.max(2, c.widthMm * px - 1.5)}
            height={bank.depthMm * px}
          />
        )
      })}
      {left && edge !== undefined ? (
        <rect
          className="sketch__aisle"
          x={(edge + left.widthMm) * px + 1}
          y={0}
          width={bank.aisleMm * px - 3}
          height={bank.depthMm * px}
        />
      ) : null}
      <line
        className="sketch__rail"
        x1={0}
        x2={bank.railMm * px}
        y1={bank.depthMm * px + 4}
        y2={bank.depthMm * px + 4}
      />
      <text className="sketch__label" x={0} y={-6}>
        {bank.label}
      </text>
    </g>
  )
}

const margin = 6

export function RoomSketch(props: { room: Room; banks: readonly LayoutBank[] }) {
  const { t } = useTranslation('overview')
  const { room } = props
  const [ref, size] = useSize<HTMLDivElement>()
  const heard = new Map(useBanks().map((b) => [b.view.bank, b]))
  const px = Math.max(
    0,
    Math.min((size.width - 2 * margin) / room.widthMm, (size.height - 2 * margin) / room.heightMm),
  )
  return (
    <div className="sketch" ref={ref}>
      {px > 0 ? (
        <svg
          width={room.widthMm * px + 2 * margin}
          height={room.heightMm * px + 2 * margin}
          role="img"
          aria-label={t('room.plan', { room: room.label })}
        >
          <defs>
            <pattern
              id="sketch-hatch"
              width="6"
              height="6"
              patternUnits="userSpaceOnUse"
              patternTransform="rotate(45)"
            >
              <line className="sketch__hatch" x1="0" y1="0" x2="0" y2="6" />
            </pattern>
          </defs>
          <g transform={`translate(${margin} ${margin})`}>
            <rect className="sketch__wall" width={room.widthMm * px} height={room.heightMm * px} />
            {room.doors.map((d) => {
              const along = d.wall === 'north' || d.wall === 'south'
              return (
                <line
                  key={d.id}
                  className="sketch__door"
                  x1={d.xMm * px}
                  y1={d.yMm * px}
                  x2={(d.xMm + (along ? d.widthMm : 0)) * px}
                  y2={(d.yMm + (along ? 0 : d.widthMm)) * px}
                />
              )
            })}
            {props.banks.map((b) => (
              <Bank key={b.bank} bank={b} heard={heard.get(b.bank)} px={px} />
            ))}
          </g>
        </svg>
      ) : null}
    </div>
  )
}
