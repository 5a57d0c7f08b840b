/** Words above a bank: label, what it does, what stands in the way, how old that is; and 请求停止 (rule S7). */
import type { LayoutBank } from '@lantai/contracts'
import type { ReactNode } from 'react'
import { requestStop, useStop } from '../../../lib/stop.ts'
import type { BankPicture } from '../model/bank-state.ts'
import { useBankWords, useSay } from '../say.ts'

export function BankTag(props: {
  layout: LayoutBank
  picture: BankPicture | null
  mode: string | null
  offline: boolean
  style: { left: number; bottom: number; width: number }
  /** Climate of this bank, where the plan has no free floor for chips. */
  climate: ReactNode
  onOpen: () => void
}) {
  const say = useSay()
  const words = useBankWords()(props.layout, props.picture)
  const { message, trouble } = useStop([props.layout.bank])
  const label = props.layout.label
  const unknown = props.picture === null || props.picture.drawing === 'unknown'
  return (
    <div className="bank-tag" style={props.style}>
      <div className="bank-tag__words">
        <button
          type="button"
          className="bank-tag__name"
          onClick={props.onOpen}
          aria-label={say('bank.openOf', { label })}
        >
          {say('bank.name', { label })}
        </button>
        <span className={unknown ? 'bank-tag__state bank-tag__state--unknown' : 'bank-tag__state'}>
          {words.state}
        </span>
        {props.mode && !unknown ? <span className="muted">{props.mode}</span> : null}
        <span className="muted">{words.age}</span>
        {message ? (
          <output
            className={trouble ? 'bank-tag__result bank-tag__result--trouble' : 'bank-tag__result'}
          >
            {message}
          </output>
        ) : null}
        {words.blocks[0] && !message ? (
          <span className="bank-tag__block">
            <Padlock /> {words.blocks[0]}
            {words.blocks.length > 1 ? ` +${words.blocks.length - 1}` : ''}
          </span>
        ) : null}
        {props.climate}
      </div>
      <button
        type="button"
        className="bank-tag__stop"
        disabled={props.offline}
        aria-label={say('action.stopOf', { label })}
        onClick={() => void requestStop([props.layout.bank])}
      >
        <span className="bank-tag__square" aria-hidden="true" />
        {say('action.stop')}
      </button>
    </div>
  )
}

/** The padlock: one of the few drawn signs, always beside its word. */
export function Padlock() {
  return (
    <svg className="padlock" viewBox="0 0 10 12" width="10" height="12" aria-hidden="true">
      <path d="M2.5 5.5V3.5a2.5 2.5 0 0 1 5 0v2" fill="none" strokeWidth="1.5" />
      <rect x="1" y="5.5" width="8" height="6" rx="1" />
    </svg>
  )
}
