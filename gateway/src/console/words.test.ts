import { type ConditionKind, conditionKinds } from '@lantai/contracts'
import { expect, test } from 'vitest'

const words = new URL('../../public/words.js', import.meta.url).href
const { languages } = (await import(words)) as {
  languages: Record<'zh' | 'en', { kind: Record<string, string> }>
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
