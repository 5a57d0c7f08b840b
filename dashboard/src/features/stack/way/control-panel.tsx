/** One bank: what it reports, motion that can be requested, and its latches. Stop is drawn with the bank itself. */
import { api, type CommandView, type LayoutBank } from '@lantai/contracts'
import { useState } from 'react'
import type { HeardBank } from '../../../lib/banks.ts'
import { link } from '../../../lib/live.ts'
import { useMay, useMe } from '../../../lib/session.ts'
import { useStore } from '../../../lib/store.ts'
import { momentText } from '../../../lib/time.ts'
import { StopButton } from '../../../ui/stop-button.tsx'
import { aisleName } from '../model/way.ts'
import { pictureAt, reasonWords, useBankWords, useSay } from '../say.ts'
import { useMono } from '../use-mono.ts'
import { InterlockList } from './interlock-list.tsx'
import { ReasonForm } from './reason-form.tsx'
import { SidePanel } from './side-panel.tsx'
import type { MotionRequest } from './use-motion.ts'

interface ControlProps {
  layout: LayoutBank
  heard: HeardBank | null
  onRequest: (request: MotionRequest) => void
  onBack: () => void
}

export function ControlPanel(props: ControlProps) {
  const say = useSay()
  const mono = useMono()
  const picture = props.heard ? pictureAt(props.heard, mono) : null
  const words = useBankWords()(props.layout, picture)
  const command = props.heard?.view.command ?? null
  return (
    <SidePanel
      title={say('control.title', { label: props.layout.label })}
      facts={`${words.state} · ${words.age}`}
      onBack={props.onBack}
    >
      <InterlockList picture={picture} />
      <Latches {...props} />
      <Motion {...props} />
      {command ? <LastCommand command={command} layout={props.layout} /> : null}
      <StopButton banks={[props.layout.bank]} />
    </SidePanel>
  )
}

function Motion(props: ControlProps) {
  const say = useSay()
  const may = useMay(api.shelving.requestMotion)
  const [aisle, setAisle] = useState(props.layout.columns[0]?.column ?? 1)
  if (!may) return null
  return (
    <div className="control__row">
      <span className="label">{say('control.motion')}</span>
      <select
        className="field control__aisle"
        aria-label={say('control.aisleChoose')}
        value={aisle}
        onChange={(e) => setAisle(Number(e.target.value))}
      >
        {props.layout.columns.map((c) => (
          <option key={c.column} value={c.column}>
            {aisleName(props.layout, c.column)}
          </option>
        ))}
      </select>
      <button
        type="button"
        className="btn"
        onClick={() => props.onRequest({ verb: 'open', aisle })}
      >
        {say('action.open')}
      </button>
      <button
        type="button"
        className="btn"
        onClick={() => props.onRequest({ verb: 'close', aisle: null })}
      >
        {say('action.shut')}
      </button>
      <button
        type="button"
        className="btn"
        onClick={() => props.onRequest({ verb: 'ventilate', aisle: null })}
      >
        {say('action.ventilate')}
      </button>
    </div>
  )
}

/** Boot inhibition and forbid, each with the one act that ends or begins it (rules S3, S7). */
function Latches(props: ControlProps) {
  const say = useSay()
  const offline = useStore(link) === 'lost'
  const mayRelease = useMay(api.shelving.releaseBank)
  const mayForbid = useMay(api.shelving.forbidMotion)
  const mayClear = useMay(api.shelving.clearForbid)
  const inhibitions = props.heard?.view.report?.inhibitions ?? []
  const has = (kind: string) => inhibitions.some((i) => i.kind === kind)
  const bank = props.layout.bank
  return (
    <div className="control__latches">
      <span className="label">{say('control.latches')}</span>
      {inhibitions.length === 0 ? <p className="muted">{say('control.noLatch')}</p> : null}
      <ul>
        {inhibitions.map((i) => (
          <li key={i.kind}>
            <b>{say(`inhibition.${i.kind}`)}</b>{' '}
            <span className="muted">
              {[
                i.by,
                i.reason ? reasonWords(say, i.reason) : null,
                say('inhibition.since', { at: momentText(i.since) }),
              ]
                .filter(Boolean)
                .join(' · ')}
            </span>
          </li>
        ))}
      </ul>
      {has('boot') ? (
        <ReasonForm
          label={say('control.release')}
          hint={say('control.releaseHint')}
          allowed={mayRelease && !offline}
          send={(reason) => ({ route: api.shelving.releaseBank, bank, reason })}
        />
      ) : null}
      {has('forbid') ? (
        <ClearForbid
          bank={bank}
          command={props.heard?.view.command ?? null}
          allowed={mayClear && !offline}
        />
      ) : (
        <ReasonForm
          label={say('control.forbid')}
          hint={say('control.forbidHint')}
          allowed={mayForbid && !offline}
          send={(reason) => ({ route: api.shelving.forbidMotion, bank, reason })}
        />
      )}
    </div>
  )
}

function ClearForbid(props: { bank: string; command: CommandView | null; allowed: boolean }) {
  const say = useSay()
  const me = useMe()
  const { command } = props
  if (command?.awaitsApproval) {
    const mine = command.by === me?.name
    return (
      <div className="control__approve">
        <p>{say('control.approveHint', { by: command.by, reason: command.reason ?? '–' })}</p>
        {mine ? (
          <p className="muted">{say('control.ownRequest')}</p>
        ) : (
          <ReasonForm
            label={say('control.approve')}
            hint={say('control.awaits')}
            allowed={props.allowed}
            send={() => ({ route: api.shelving.approveCommand, command: command.command })}
          />
        )}
      </div>
    )
  }
  return (
    <ReasonForm
      label={say('control.clear')}
      hint={say('control.clearHint')}
      allowed={props.allowed}
      send={(reason) => ({ route: api.shelving.clearForbid, bank: props.bank, reason })}
    />
  )
}

function LastCommand(props: { command: CommandView; layout: LayoutBank }) {
  const say = useSay()
  const { command: c, layout } = props
  const aisle = c.aisle === null ? '' : aisleName(layout, c.aisle)
  const parts = [
    say(`control.verb.${c.verb}`, { aisle }),
    c.awaitsApproval ? say('control.awaits') : say(`control.state.${c.state}`),
    c.reason ? reasonWords(say, c.reason) : null,
    c.by,
    momentText(c.updatedAt),
  ]
  return (
    <p className="muted small">
      {say('control.last')}: {parts.filter(Boolean).join(' · ')}
    </p>
  )
}
