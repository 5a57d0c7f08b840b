/** Words of the stack screen that several of its parts say. */
import type { LayoutBank } from '@lantai/contracts'
import { useTranslation } from 'react-i18next'
import type { HeardBank } from '../../lib/banks.ts'
import { useAgeText } from '../../ui/age.tsx'
import { type BankPicture, type InterlockView, obstacles, pictureOf } from './model/bank-state.ts'
import { isClosedUp } from './model/geometry.ts'
import { reasonParts } from './model/reason.ts'
import { aisleName, type Say } from './model/way.ts'

/** The pure builders take any key; the words are checked by the tests of both languages. */
export function useSay(): Say {
  const { t } = useTranslation('stack')
  return (key, values) => t(key as 'title', values ?? {})
}

export const pictureAt = (bank: HeardBank, mono: number): BankPicture =>
  pictureOf(bank.view, Math.max(0, mono - bank.heardAt))

/** `通道 11|12 已打开` · `状态未知`: what the bank does, in words. */
export function useBankWords() {
  const say = useSay()
  const age = useAgeText()
  return (layout: LayoutBank, p: BankPicture | null) => {
    if (!p) return { state: say('bank.state.unknown'), blocks: [], age: say('bank.never') }
    const standing = ['inhibited', 'locked', 'open', 'closed'].includes(p.drawing)
    const drawn = !standing
      ? p.drawing
      : p.openAisle !== null
        ? 'open'
        : isClosedUp(layout, p.places)
          ? 'closed'
          : 'between'
    return {
      state: say(`bank.state.${drawn}`, {
        aisle: p.openAisle === null ? '' : aisleName(layout, p.openAisle),
      }),
      blocks: p.drawing === 'unknown' ? [] : obstacleWords(say, withoutOwnMotion(p), 'short'),
      age: p.ageMs === null ? say('bank.never') : age(p.ageMs),
    }
  }
}

/** While a bank moves, that it is busy says nothing new. */
const withoutOwnMotion = (p: BankPicture): BankPicture =>
  p.drawing === 'moving'
    ? { ...p, refusing: p.refusing.filter((r) => r.input !== 'otherAisle') }
    : p

/** Inhibitions, in full with the name and reason of a person, then interlocks that refuse. */
export function obstacleWords(
  say: Say,
  p: BankPicture,
  length: 'full' | 'short' = 'full',
): string[] {
  return obstacles(p).map((o) => {
    if (o.kind === 'inhibition') {
      const i = p.inhibitions.find((x) => x.kind === o.key)
      const why = i?.reason ? reasonWords(say, i.reason) : null
      const who = length === 'full' ? [i?.by, why].filter(Boolean).join(' · ') : ''
      return say(`inhibition.${o.key}`) + (who ? ` (${who})` : '')
    }
    const [input, state] = o.key.split('.')
    return say(`interlock.${state}.${input}`)
  })
}

export function interlockWords(say: Say, i: InterlockView): string {
  if (i.state === 'old') return say(`interlock.clear.${i.input}`)
  return say(`interlock.${i.state}.${i.input}`)
}

/** A reason that gateway or server gave, in words; what has none is shown as it is. */
export function reasonWords(say: Say, reason: string | null): string {
  if (!reason) return say('request.outcome.noReason')
  return reasonParts(reason)
    .map((p) => (p.key ? say(p.key, p.values) : p.text))
    .join(say('way.say.comma'))
}
