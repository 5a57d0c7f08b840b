/** 已请求 → 控制器已接受 → 运动中 → 控制器报告：已到位; or the other ends. Unknown is read again, never retried. */
import type { BankObserved, CommandView } from '@lantai/contracts'
import { momentText } from '../../../lib/time.ts'
import { courseOf, type Step, steps } from '../model/command-stage.ts'
import { reasonWords, useSay } from '../say.ts'

export function Course(props: {
  command: CommandView
  observed: BankObserved | null
  lost: boolean
  onReread: () => void
  onAgain: () => void
}) {
  const say = useSay()
  const course = courseOf(props.command, props.observed)
  const { by, at } = props.command
  return (
    <div className="course" role="status">
      <p className="muted small">{say('request.by', { by, at: momentText(at) })}</p>
      <Steps reached={reachedStep(course, props.command)} ended={isOtherEnd(course.kind)} />
      <Outcome course={course} />
      <div className="request__send">
        {course.kind === 'unknown' || course.kind === 'awaitingReport' ? (
          <button type="button" className="btn" onClick={props.onReread}>
            {say('request.again')}
          </button>
        ) : null}
        {isOtherEnd(course.kind) && course.kind !== 'unknown' ? (
          <button type="button" className="btn" onClick={props.onAgain}>
            {say('request.another')}
          </button>
        ) : null}
      </div>
    </div>
  )
}

type CourseKind = ReturnType<typeof courseOf>

const isOtherEnd = (kind: CourseKind['kind']) =>
  kind === 'refused' || kind === 'failed' || kind === 'expired' || kind === 'unknown'

function reachedStep(course: CourseKind, command: CommandView): Step | null {
  if (course.kind === 'underWay') return course.step
  if (course.kind === 'inPlace') return 'done'
  // The command ended, but nobody has reported the place: the last step stays open.
  if (course.kind === 'awaitingReport') return 'running'
  return command.state === 'refused' || command.state === 'expired' ? 'requested' : null
}

function Steps(props: { reached: Step | null; ended: boolean }) {
  const say = useSay()
  const at = props.reached === null ? -1 : steps.indexOf(props.reached)
  return (
    <ol className="steps">
      {steps.map((s, i) => {
        const look = i < at || (i === at && s === 'done') ? 'past' : i === at ? 'now' : 'ahead'
        return (
          <li
            key={s}
            className={`steps__step steps__step--${props.ended && i >= at ? 'ahead' : look}`}
            aria-current={i === at && !props.ended ? 'step' : undefined}
          >
            {say(`request.step.${s}`)}
          </li>
        )
      })}
    </ol>
  )
}

function Outcome(props: { course: CourseKind }) {
  const say = useSay()
  const { course } = props
  switch (course.kind) {
    case 'underWay':
    case 'inPlace':
      return null
    case 'awaitingReport':
    case 'unknown':
    case 'expired':
      return <p className="course__end">{say(`request.outcome.${course.kind}`)}</p>
    case 'refused':
    case 'failed':
      return (
        <p className="course__end course__end--refused">
          {say(`request.outcome.${course.kind}`, { reason: reasonWords(say, course.reason) })}
        </p>
      )
  }
}
