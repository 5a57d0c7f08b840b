import { expect, test } from 'vitest'
import { knownFindings } from './findings.ts'
import { fuzzParser, parserNames } from './fuzz.ts'

const names = await parserNames()

test.each(names)('the parser %s bears 2,000 inputs that nobody should send', async (parser) => {
  const { findings, cases } = await fuzzParser({ parser, seed: 'npm test', cases: 2000 })
  expect(findings).toEqual([])
  expect(cases).toBe(2000)
})

test('what fuzzing ever found is found no more', async () => {
  const again = []
  for (const { parser, seed, hex } of knownFindings())
    again.push(...(await fuzzParser({ parser, seed, hex, cases: 1 })).findings)
  expect(again).toEqual([])
})
