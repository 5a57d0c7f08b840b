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
  const { t } = useTranslation('overview')
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
        {t('room.columns', {
          label: bank.label,
          first: bank.columns[0]?.column ?? '',
          last: bank.columns.at(-1)?.column ?? '',
        })}
      </text>
    </g>
  )
}

/** Desk and doors: what a person knows the room by. */
function Places(props: { room: Room; px: number }) {
  const { room, px } = props
  return (
    <>
      {room.fixtures
        .filter((f) => f.kind === 'desk')
        .map((f) => (
          <g key={f.id} transform={`translate(${f.xMm * px} ${f.yMm * px})`}>
            <rect
              className="sketch__desk"
              x={-deskMm.long * 0.5 * px}
              y={-deskMm.deep * 0.5 * px}
              width={deskMm.long * px}
              height={deskMm.deep * px}
            />
            <text className="sketch__label sketch__label--middle" y={-deskMm.deep * 0.5 * px - 6}>
              {f.label}
            </text>
          </g>
        ))}
      {room.doors.map((d) => (
        <DoorName key={d.id} door={d} px={px} />
      ))}
    </>
  )
}

/** Inside the room, at the middle of the door. */
function DoorName(props: { door: Room['doors'][number]; px: number }) {
  const { door, px } = props
  const along = door.wall === 'north' || door.wall === 'south'
  const x = (door.xMm + (along ? door.widthMm / 2 : 0)) * px
  const y = (door.yMm + (along ? 0 : door.widthMm / 2)) * px
  const look = along ? 'middle' : door.wall === 'east' ? 'end' : 'start'
  const [dx, dy] = { north: [0, 16], south: [0, -8], east: [-8, 4], west: [8, 4] }[door.wall] ?? []
  return (
    <text className={`sketch__label sketch__label--${look}`} x={x} y={y} dx={dx} dy={dy}>
      {door.label}
    </text>
  )
}

/** As the plan of 库位 draws it. */
const deskMm = { long: 1800, deep: 800 }
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
            <Places room={room} px={px} />
            {props.banks.map((b) => (
              <Bank key={b.bank} bank={b} heard={heard.get(b.bank)} px={px} />
            ))}
          </g>
        </svg>
      ) : null}
    </div>
  )
}
