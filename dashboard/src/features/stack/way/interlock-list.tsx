/** Every interlock with its age; what refuses stands first and says so by word and shape, not by colour alone. */
import { useAgeText } from '../../../ui/age.tsx'
import { Padlock } from '../../../ui/padlock.tsx'
import type { BankPicture, InterlockView } from '../model/bank-state.ts'
import { interlockWords, obstacleWords, useSay } from '../say.ts'

/** @param props.verdict says what the gateway would answer now; left out while a request is under way */
export function InterlockList(props: { picture: BankPicture | null; verdict?: boolean }) {
  const say = useSay()
  const { picture } = props
  if (!picture || (picture.interlocks.length === 0 && picture.inhibitions.length === 0))
    return <p className="muted">{say('interlock.none')}</p>
  // Of a bank that nobody hears from, one sentence says more than a list of all that is unknown.
  const blocks =
    picture.drawing === 'unknown' ? [say('bank.state.unknown')] : obstacleWords(say, picture)
  // While a request runs, that its bank is busy is no news.
  const own = (i: InterlockView) => props.verdict === false && i.input === 'otherAisle'
  const shown = picture.interlocks.filter((i) => !own(i))
  const sorted = shown.sort((a, b) => Number(b.refuses) - Number(a.refuses))
  return (
    <>
      {props.verdict === false ? null : blocks.length > 0 ? (
        <p className="interlocks__refuse">
          <Padlock /> {say('request.refusesTitle')} <b>{blocks.join(say('way.say.comma'))}</b>
        </p>
      ) : (
        <p className="muted">{say('request.permitted')}</p>
      )}
      <ul className="interlocks">
        {sorted.map((i) => (
          <Item key={i.input} item={i} />
        ))}
      </ul>
    </>
  )
}

function Item(props: { item: InterlockView }) {
  const say = useSay()
  const age = useAgeText()
  const { item } = props
  return (
    <li className={item.refuses ? 'interlock interlock--refuses' : 'interlock'}>
      <span>
        {item.refuses ? '✕ ' : ''}
        {interlockWords(say, item)}
      </span>
      {item.state === 'notProvided' ? null : (
        <span className="interlock__age">
          {age(item.ageMs)}
          {item.state === 'old' ? ` · ${say('interlock.state.old')}` : ''}
        </span>
      )}
    </li>
  )
}
