import '../../ui/stale-value.css'
import './room-card.css'
import type { LayoutBank, StackLayout } from '@lantai/contracts'
import { Link } from '@tanstack/react-router'
import { useTranslation } from 'react-i18next'
import { useBanks } from '../../lib/banks.ts'
import { useNow } from '../../lib/time.ts'
import { AlarmShape } from '../../ui/alarm-shape.tsx'
import { Padlock } from '../../ui/padlock.tsx'
import { Panel } from '../../ui/panel.tsx'
import { isOut, RangeBar } from '../../ui/range-bar.tsx'
import { StopButton } from '../../ui/stop-button.tsx'
import { pictureAt, useBankWords } from '../stack/say.ts'
import { ContactFigure } from './contact-figure.tsx'
import type { Room } from './judge-day.ts'
import { RoomSketch } from './room-sketch.tsx'

type Air = NonNullable<Room['humidity']>

function AirLine(props: { name: string; unit: string; digits: number; air: Air | null }) {
  const { t } = useTranslation(['overview', 'common'])
  const { air, unit, digits } = props
  if (!air)
    return (
      <div className="figure">
        <dt>{props.name}</dt>
        <dd className="muted">{t('common:noValue')}</dd>
      </div>
    )
  const [min, max] = [air.min.toFixed(digits), air.max.toFixed(digits)]
  const out = isOut(air, air.min) || isOut(air, air.max)
  const look = air.stale ? 'value value--stale' : out ? 'value value--out' : 'value'
  return (
    <div className="figure">
      <dt>{props.name}</dt>
      <dd>
        {out && !air.stale ? <AlarmShape kind={2} quiet /> : null}
        <span className={look}>
          <span className="value__digits">{min === max ? min : `${min}–${max}`}</span>{' '}
          <span className="value__unit">{unit}</span>
        </span>
        <RangeBar
          name={props.name}
          unit={unit}
          stale={air.stale}
          range={{ ...air, now: [...new Set([air.min, air.max])] }}
        />
        <span className="muted small">
          {air.stale ? t('room.stale') : t('room.band', { low: air.low, high: air.high, unit })}
        </span>
      </dd>
    </div>
  )
}

function Occupied(props: { share: number }) {
  const { t } = useTranslation('overview')
  const percent = Math.round(props.share * 100)
  return (
    <div className="figure">
      <dt>{t('room.occupied')}</dt>
      <dd>
        <span className="value">
          <span className="value__digits">{percent}</span> <span className="value__unit">%</span>
        </span>
        <progress className="bar" max={100} value={percent} aria-label={t('room.occupied')} />
      </dd>
    </div>
  )
}

/** What each bank does, in words: the sketch never carries it alone. */
function BankLines(props: { banks: readonly LayoutBank[] }) {
  const { t } = useTranslation('overview')
  const words = useBankWords()
  const heard = new Map(useBanks().map((b) => [b.view.bank, b]))
  useNow()
  return (
    <ul className="room__banks" aria-label={t('room.banks')}>
      {props.banks.map((b) => {
        const bank = heard.get(b.bank)
        const w = words(b, bank ? pictureAt(bank, performance.now()) : null)
        return (
          <li key={b.bank}>
            <span className="muted">{b.label}</span>
            <span>{w.state}</span>
            {w.blocks.map((block) => (
              <span key={block} className="room__block">
                <Padlock /> {block}
              </span>
            ))}
          </li>
        )
      })}
    </ul>
  )
}

export function RoomCard(props: { room: Room; layout: StackLayout | undefined }) {
  const { t } = useTranslation('overview')
  const { room, layout } = props
  const plan = layout?.rooms.find((r) => r.room === room.room)
  const banks = layout?.banks.filter((b) => b.room === room.room) ?? []
  const number = (n: number) => n.toLocaleString('en')
  return (
    <Panel
      className="room"
      title={room.label}
      facts={
        <>
          {t('room.facts', { boxes: number(room.boxes), lent: number(room.lent) })}
          {'　'}
          <Link to="/stacks/{-$room}" params={{ room: room.room }}>
            {t('room.openStack')}
          </Link>
        </>
      }
    >
      {plan ? (
        <RoomSketch room={plan} banks={banks} />
      ) : (
        <p className="muted">{t('room.noLayout')}</p>
      )}
      <BankLines banks={banks} />
      {banks.length > 0 ? (
        <div className="room__stop">
          <StopButton banks={banks.map((b) => b.bank)} />
        </div>
      ) : null}
      <dl className="room__figures">
        <AirLine name={t('room.temperature')} unit="℃" digits={1} air={room.temperature} />
        <AirLine name={t('room.humidity')} unit="%" digits={0} air={room.humidity} />
        <Occupied share={room.occupied} />
        <ContactFigure room={room.room} />
      </dl>
    </Panel>
  )
}
