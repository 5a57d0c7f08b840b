/** Everything that the map shows and does, as a list (Leaflet shapes cannot take focus: Leaflet/Leaflet#7822). */
import type { LayoutBank } from '@lantai/contracts'
import { requestStop, useStop } from '../../../lib/stop.ts'
import { percent } from '../model/occupancy.ts'
import { obstacleWords, pictureAt, useBankWords, useSay } from '../say.ts'
import { useMono } from '../use-mono.ts'
import type { PlanProps } from './plan-map.tsx'

export function BankList(props: PlanProps) {
  const banks = props.layout.banks.filter((b) => b.room === props.room.room)
  return (
    <ul className="bank-list">
      {banks.map((bank) => (
        <BankItem key={bank.bank} {...props} bank={bank} />
      ))}
    </ul>
  )
}

function BankItem(props: PlanProps & { bank: LayoutBank }) {
  const say = useSay()
  const mono = useMono()
  const { bank } = props
  const { message } = useStop([bank.bank])
  const heard = props.banks.find((b) => b.view.bank === bank.bank) ?? null
  const picture = heard ? pictureAt(heard, mono) : null
  const words = useBankWords()(bank, picture)
  return (
    <li className="bank-list__bank">
      <div className="bank-list__head">
        <strong>{say('bank.name', { label: bank.label })}</strong>
        <span>{words.state}</span>
        <span className="muted">{words.age}</span>
        {message ? <output>{message}</output> : null}
        {(picture && picture.drawing !== 'unknown' ? obstacleWords(say, picture) : []).map((b) => (
          <span key={b}>{b}</span>
        ))}
        <span className="bank-list__acts">
          <button type="button" className="btn btn--small" onClick={() => props.onBank(bank.bank)}>
            {say('bank.open')}
          </button>
          <button
            type="button"
            className="bank-tag__stop"
            disabled={props.offline}
            aria-label={say('action.stopOf', { label: bank.label })}
            onClick={() => void requestStop([bank.bank])}
          >
            <span className="bank-tag__square" aria-hidden="true" />
            {say('action.stop')}
          </button>
        </span>
      </div>
      <ul className="bank-list__columns">
        {bank.columns.map((c) => {
          const fill = props.fills.get(c.column) ?? { a: 0, b: 0 }
          return (
            <li key={c.column}>
              <span>{say(c.fixed ? 'list.columnFixed' : 'list.column', { column: c.column })}</span>
              {(['A', 'B'] as const).map((side) => (
                <button
                  key={side}
                  type="button"
                  className="btn btn--small"
                  onClick={() => props.onFace(c.column, side)}
                >
                  <span className="sr-only">{say('list.column', { column: c.column })}</span>
                  {side} {percent(side === 'A' ? fill.a : fill.b)} %
                </button>
              ))}
            </li>
          )
        })}
      </ul>
    </li>
  )
}
