/** Why something was refused: the rule first, then the facts that a person can check. */
import { useTranslation } from 'react-i18next'
import { momentText } from '../../lib/time.ts'
import type { RefusalFacts } from './desk-state.ts'
import { refusalFact, splitBox } from './refusal-facts.ts'

/** @param props.code what the row names already */
export function RefusalWhy(props: { refusal: RefusalFacts; code?: string }) {
  const { t } = useTranslation('desk')
  const { t: problem } = useTranslation('problems')
  const { rule, detail } = props.refusal
  const { box: named, facts } = splitBox(detail ?? '')
  const box = named === props.code ? null : named
  const fact = facts ? refusalFact(facts) : null
  const words = fact
    ? t(fact.key as 'title', { ...fact.values, at: fact.at ? momentText(fact.at) : '' })
    : facts
  return (
    <>
      <span className="refused__why">{problem(rule)}</span>
      {box || words ? (
        <span className="refused__why muted">{[box, words].filter(Boolean).join(' · ')}</span>
      ) : null}
    </>
  )
}
