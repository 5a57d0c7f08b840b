/**
 * Requests motion of a bank. Opening this panel moves nothing; the confirm button never has the initial focus, so a
 * scanner's Enter cannot press it. What happens then is told by reports alone (rules S1, S4, S6).
 */
import { api, type CommandView, type LayoutBank } from '@lantai/contracts'
import { useState } from 'react'
import type { HeardBank } from '../../../lib/banks.ts'
import { link } from '../../../lib/live.ts'
import { useMay } from '../../../lib/session.ts'
import { useStore } from '../../../lib/store.ts'
import { useProblemText } from '../../../ui/error-note.tsx'
import type { BankPicture } from '../model/bank-state.ts'
import { isOpenCommand } from '../model/command-stage.ts'
import { aisleName } from '../model/way.ts'
import { obstacleWords, pictureAt, reasonWords, useSay } from '../say.ts'
import { useMono } from '../use-mono.ts'
import { Course } from './course.tsx'
import { InterlockList } from './interlock-list.tsx'
import { SidePanel } from './side-panel.tsx'
import { type MotionRequest, useMotion } from './use-motion.ts'

const titles = {
  open: ['request.title', 'request.send'],
  close: ['request.titleClose', 'request.sendClose'],
  ventilate: ['request.titleVentilate', 'request.sendVentilate'],
} as const

export function RequestPanel(props: {
  layout: LayoutBank
  heard: HeardBank | null
  request: MotionRequest
  onBack: () => void
}) {
  const say = useSay()
  const mono = useMono()
  const picture = props.heard ? pictureAt(props.heard, mono) : null
  const motion = useMotion(props.request, props.heard)
  const [title] = titles[props.request.verb]
  const aisle = props.request.aisle === null ? '' : aisleName(props.layout, props.request.aisle)
  return (
    <SidePanel title={say(title, { aisle, label: props.layout.label })} onBack={props.onBack}>
      <InterlockList picture={picture} verdict={motion.command === null} />
      {motion.command ? (
        <Course
          command={motion.command}
          observed={props.heard?.view.report?.observed ?? null}
          lost={motion.lost}
          onReread={motion.reread}
          onAgain={motion.again}
        />
      ) : motion.lost ? (
        <p className="request__lost">{say('request.lostAnswer')}</p>
      ) : (
        <Confirm {...props} picture={picture} aisle={aisle} motion={motion} />
      )}
      {motion.error ? <Refusal error={motion.error} /> : null}
    </SidePanel>
  )
}

/** The server refused before anything was sent on: the rule, and the inputs that stand in the way, in words. */
function Refusal(props: { error: unknown }) {
  const say = useSay()
  const { text, detail } = useProblemText()(props.error)
  return (
    <p className="course__end course__end--refused" role="alert">
      {text} {detail ? reasonWords(say, detail) : null}
    </p>
  )
}

function Confirm(props: {
  heard: HeardBank | null
  request: MotionRequest
  picture: BankPicture | null
  aisle: string
  motion: ReturnType<typeof useMotion>
}) {
  const say = useSay()
  const [confirmed, setConfirmed] = useState(false)
  const why = useRefusal(props.heard, props.picture, props.request)
  const [, send] = titles[props.request.verb]
  const { motion } = props
  return (
    <form
      className="request__confirm"
      onSubmit={(e) => {
        e.preventDefault()
        if (confirmed && why === null) motion.send()
      }}
    >
      <label className="request__check">
        <input
          type="checkbox"
          checked={confirmed}
          onChange={(e) => setConfirmed(e.target.checked)}
          // Enter in a checkbox would submit the form: a scanner's Enter must not.
          onKeyDown={(e) => e.key === 'Enter' && e.preventDefault()}
        />
        <span>
          <b>{say('request.confirm')}</b>
          <small className="muted">{say('request.confirmHint')}</small>
        </span>
      </label>
      <div className="request__send">
        <button
          type="submit"
          className="btn btn--filled"
          disabled={!confirmed || why !== null || motion.sending}
        >
          {say(send, { aisle: props.aisle })}
        </button>
        <span className={why ? 'request__why' : 'muted'} role="status">
          {why ?? (confirmed ? say('request.expiry') : say('request.needConfirm'))}
        </span>
      </div>
    </form>
  )
}

/** Why a request would be refused now, in words; null when the gateway would pass it on. */
function useRefusal(
  heard: HeardBank | null,
  picture: BankPicture | null,
  request: MotionRequest,
): string | null {
  const say = useSay()
  const offline = useStore(link) === 'lost'
  const may = useMay(api.shelving.requestMotion)
  if (offline) return say('request.offline')
  if (!may) return say('request.role')
  if (!picture || picture.drawing === 'unknown') return say('request.stateless')
  const what = obstacleWords(say, picture)
  if (what[0] !== undefined) return say('request.blocked', { what: what[0] })
  const observed = heard?.view.report?.observed
  if (
    request.verb === 'open' &&
    observed?.openAisle === request.aisle &&
    observed.motion === 'still'
  )
    return say('request.already', { aisle: String(request.aisle) })
  return null
}

/** A command of this verb that is under way, whoever asked for it. */
export const runningOf = (heard: HeardBank | null): CommandView | null => {
  const c = heard?.view.command ?? null
  return c && isOpenCommand(c) && ['open', 'close', 'ventilate'].includes(c.verb) ? c : null
}
