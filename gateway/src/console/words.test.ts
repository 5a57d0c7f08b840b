import { readFileSync } from 'node:fs'
import {
  type ConditionKind,
  conditionKinds,
  locatedClasses,
  uncoveredReasons,
} from '@lantai/contracts'
import { expect, test } from 'vitest'
import { walkTroubles } from '../locating/walk/recorder.ts'

const words = new URL('../../public/words.js', import.meta.url).href
const { languages, refusal } = (await import(words)) as {
  languages: Record<'zh' | 'en', Record<'kind' | `walk${string}`, Record<string, string>>>
  refusal(words: unknown, reason: string): string
}

/** Raised by the server alone; the console never shows them. */
const ofTheServer: readonly ConditionKind[] = [
  'unlentAtDoor',
  'gatewayOffline',
  'gatewayReplaced',
  'gatewayFork',
  'ledgerInconsistent',
]

test.each(['zh', 'en'] as const)('every alarm of the gateway has a name in %s', (language) => {
  const kinds = conditionKinds.filter((k) => !ofTheServer.includes(k))
  expect(Object.keys(languages[language].kind).sort()).toEqual(kinds.sort())
})

test.each(['zh', 'en'] as const)('whatever a walk may say has words in %s', (language) => {
  const words = languages[language]
  const said = (name: `walk${string}`) => Object.keys(words[name] ?? {}).sort()
  expect(said('walkClass')).toEqual([...locatedClasses].sort())
  expect(said('walkUncovered')).toEqual([...uncoveredReasons].sort())
  expect(said('walkTrouble')).toEqual([...walkTroubles].sort())
})

test('whatever a walk is refused for has words in zh', () => {
  const text = readFileSync(new URL('../locating/walk/walks.ts', import.meta.url), 'utf8')
  const reasons = [...text.matchAll(/refused\('([^']+)'\)/g)].map((m) => m[1] ?? '')
  expect(reasons.length).toBeGreaterThan(5)
  expect(reasons.filter((r) => /[a-z]{2}/.test(refusal(languages.zh, r)))).toEqual([])
})

/** What the interlock and its trials may answer, as their own code says it. */
function reasonsOfTheInterlock(): string[] {
  const files = ['accept', 'commission', 'trials', 'watch', 'machine', 'manual', 'fire']
  const texts = files.map((f) =>
    readFileSync(new URL(`../interlock/${f}.ts`, import.meta.url), 'utf8'),
  )
  const said =
    /(?:return|refused:|reason:|'refused',|'unknown',|'failed',|'done',|\?|\?\?) '([a-z][a-z]* [^'$]*)'/g
  return texts.flatMap((text) => [...text.matchAll(said)].map((m) => m[1] ?? ''))
}

test('whatever the interlock answers has words in zh', () => {
  const reasons = [
    ...reasonsOfTheInterlock(),
    'side polarity is set to higher, but lower was proven',
    'missing inputs not accepted: eStop, door',
    'controller reports column 3 locked',
    'controller reports column 3 not locked',
    'controller reports aisle 3 in place',
    'stopped on the way: obstacle active',
    'the trial was refused: obstacle active',
  ]
  expect(reasons.length).toBeGreaterThan(40)
  const bare = reasons.filter((r) => /[a-z]{2}/.test(refusal(languages.zh, r)))
  expect(bare).toEqual([])
})
