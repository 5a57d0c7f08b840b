/** Words above a bank: label, what it does, what stands in the way, how old that is; and 请求停止 (rule S7). */
import type { LayoutBank } from '@lantai/contracts'
import type { ReactNode } from 'react'
import { requestStop, useStop } from '../../../lib/stop.ts'
import { Padlock } from '../../../ui/padlock.tsx'
import { type BankPicture, interlockFreshMs } from '../model/bank-state.ts'
import { useBankWords, useSay } from '../say.ts'

export function BankTag(props: {
  layout: LayoutBank
  picture: BankPicture | null
  mode: string | null
  offline: boolean
  style: { left: number; bottom: number; width: number }
  /** Lines that the plan keeps free for what is said below the name. */
  lines: number
  /** Climate of this bank, where the plan has no free floor for chips. */
  climate: ReactNode
  /** A value out of its band is shown whatever else there is to say. */
  climateTrouble: ReactNode
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
        <span className="bank-tag__line">
          <button
            type="button"
            className="bank-tag__name"
            onClick={props.onOpen}
            aria-label={say('bank.openOf', { label })}
          >
            {say('bank.name', { label })}
          </button>
          <span
            className={unknown ? 'bank-tag__state bank-tag__state--unknown' : 'bank-tag__state'}
          >
            {words.state}
          </span>
          {props.mode && !unknown ? <span className="muted">{props.mode}</span> : null}
          {words.blocks.length > 0 || unknown ? props.climateTrouble : null}
        </span>
        {message ? (
          <output
            className={trouble ? 'bank-tag__result bank-tag__result--trouble' : 'bank-tag__result'}
          >
            {message}
          </output>
        ) : (
          <span className="bank-tag__more" style={{ maxHeight: `${props.lines}lh` }}>
            <Block blocks={words.blocks} />
            {words.blocks.length === 0 && !unknown ? props.climate : null}
            <Age picture={props.picture} age={words.age} />
          </span>
        )}
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

/** A fresh report needs no age beside its drawing; the list and the controls always give it. */
function Age(props: { picture: BankPicture | null; age: string }) {
  const say = useSay()
  const unknown = props.picture === null || props.picture.drawing === 'unknown'
  if (!unknown && (props.picture?.ageMs ?? 0) <= interlockFreshMs) return null
  return <span className="muted">{say('bank.lastSeen', { age: props.age })}</span>
}

/** The first thing that stands in the way of motion, and how many more there are. */
function Block(props: { blocks: readonly string[] }) {
  const [first, ...more] = props.blocks
  if (!first) return null
  return (
    <span className="bank-tag__block" title={props.blocks.join('\n')}>
      <Padlock />
      <span className="bank-tag__first">{first}</span>
      {more.length > 0 ? <span>+{more.length}</span> : null}
    </span>
  )
}
