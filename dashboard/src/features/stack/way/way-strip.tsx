/** The way strip: who it is, the digits that are painted on the steel, one sentence, and what can be done. */
import { type Address, api, type BoxCard, formatAddress, type LayoutBank } from '@lantai/contracts'
import { link } from '../../../lib/live.ts'
import { useMay } from '../../../lib/session.ts'
import { useStore } from '../../../lib/store.ts'
import { momentText } from '../../../lib/time.ts'
import { KeyHint } from '../../../ui/key-hint.tsx'
import { StopButton } from '../../../ui/stop-button.tsx'
import { confidenceWord, isHidden, titleOf } from '../model/box-words.ts'
import { type Entry, entryOf, wayDigits, waySentence } from '../model/way.ts'
import { useSay } from '../say.ts'

export interface WayStripProps {
  place: Address | null
  bank: LayoutBank | null
  /** Code of the chosen box, and its card as soon as it is there. */
  code: string | null
  box: BoxCard | null
  boxError: boolean
  requestShown: boolean
  onContents: () => void
  onMove: () => void
  onRequest: () => void
}

export function WayStrip(props: WayStripProps) {
  const say = useSay()
  const { place, bank } = props
  const entry = place && bank ? entryOf(bank, place.column, place.side) : null
  return (
    <section className="panel way" aria-label={say('title')}>
      <p className="way__who">
        <Identity {...props} />
      </p>
      <div className="way__say">
        {place ? <Digits place={place} /> : null}
        {place ? (
          <p className="way__sentence" aria-live="polite">
            {waySentence(say, place, entry)}
          </p>
        ) : null}
      </div>
      <Actions {...props} entry={entry} />
    </section>
  )
}

function Digits(props: { place: Address }) {
  const say = useSay()
  return (
    <p className="way__digits" aria-hidden="true">
      {wayDigits(props.place).map(({ part, value }) => (
        <span key={part} className="way__digit">
          {say(`way.part.${part}`)} <b>{value}</b>
          {part === 'slot' ? ` ${say('way.unit')}` : ''}
        </span>
      ))}
    </p>
  )
}

function Identity(props: WayStripProps) {
  const say = useSay()
  const { box, code, place } = props
  if (!place && !code) return <span className="muted">{say('way.none')}</span>
  if (!code) return <span className="muted">{say(place?.slot ? 'way.noBox' : 'way.none')}</span>
  if (!box)
    return (
      <>
        <b>{code}</b>{' '}
        {props.boxError ? <span className="muted">{say('way.boxFailed')}</span> : null}
      </>
    )
  return (
    <>
      <b className="way__code">{box.code}</b>
      <span className="way__title">{titleWords(say, box)}</span>
      <StateWord box={box} />
      <span className="muted">{beliefWords(say, box)}</span>
    </>
  )
}

type SayOf = ReturnType<typeof useSay>

function titleWords(say: SayOf, box: BoxCard): string {
  const title = titleOf(box)
  if (title === null) return isHidden(box) ? say('way.above') : ''
  return box.fileCount > 1 ? say('way.andMore', { title, n: box.fileCount }) : title
}

function StateWord(props: { box: BoxCard }) {
  const say = useSay()
  const { state, loan, home, belief } = props.box
  const elsewhere = belief.place !== null && home !== null && belief.place !== home
  return (
    <span className={`way__state way__state--${state}`}>
      {state === 'misplaced' ? '! ' : ''}
      {loan ? loanWords(say, loan) : say(`slot.${state}`)}
      {loan?.overdue ? <b className="way__overdue"> ▲ {say('way.overdue')}</b> : null}
      {elsewhere ? ` · ${say('way.homeIs', { place: home })}` : ''}
    </span>
  )
}

const loanWords = (say: SayOf, loan: NonNullable<BoxCard['loan']>) =>
  loan.borrower
    ? say('way.lentTo', { borrower: loan.borrower, due: loan.due })
    : say('way.lentUntil', { due: loan.due })

function beliefWords(say: SayOf, box: BoxCard): string {
  const { evidence, confidence, placeLabel, place } = box.belief
  // The importer signs with the name of its act; that is said once.
  const by = evidence.by === 'import' ? '' : evidence.by
  const at = `${momentText(evidence.at)}${evidence.corrected ? say('way.timeCorrected') : ''}`
  const last = say('way.lastRead', { at, by }).trim()
  const where = placeLabel ?? (place !== null && place !== box.home ? place : null)
  return [
    last,
    say(`way.evidence.${evidence.kind}`),
    where === null ? null : say('way.atPlace', { place: where }),
    say(`way.confidence.${confidenceWord(confidence)}`),
  ]
    .filter(Boolean)
    .join(' · ')
}

function Actions(props: WayStripProps & { entry: Entry | null }) {
  const say = useSay()
  const offline = useStore(link) === 'lost'
  const mayMove = useMay(api.stack.moveBox)
  const mayRequest = useMay(api.shelving.requestMotion)
  const { entry, bank, code } = props
  const served = entry !== null && entry.kind !== 'walkway'
  return (
    <div className="way__acts">
      <button type="button" className="btn" disabled={!code} onClick={props.onContents}>
        {say('action.contents')}
      </button>
      <button
        type="button"
        className="btn"
        disabled={!code || !mayMove || offline}
        title={mayMove ? undefined : say('move.role')}
        onClick={props.onMove}
      >
        {say('action.move')} <KeyHint keys="M" />
      </button>
      <button
        type="button"
        className={props.requestShown ? 'btn' : 'btn btn--filled'}
        disabled={!served || !mayRequest}
        title={mayRequest ? undefined : say('request.role')}
        onClick={props.onRequest}
      >
        {say(entry?.kind === 'walkway' ? 'action.noAisle' : 'action.open')} <KeyHint keys="O" />
      </button>
      {bank ? <StopButton banks={[bank.bank]} /> : null}
    </div>
  )
}

export const placeText = (a: Address | null): string => (a ? formatAddress(a) : '')
