import process from 'node:process'
import { parseArgs } from 'node:util'
import { keep } from '../src/field/fuzz/findings.ts'
import { fuzzParser, parserNames } from '../src/field/fuzz/fuzz.ts'
import { countOf, orRefuse, refuse } from './refuse.ts'

/**
 * `npm run torture -- fuzz [--cases 1000000] [--parser NAME …] [--seed S] [--jobs 1]`: one JSON line a parser. What is
 * found is kept in contracts/vectors/fuzz/ and tried again by `npm test`.
 */
export async function fuzz(args: readonly string[]): Promise<boolean> {
  const { values } = orRefuse(() =>
    parseArgs({
      args: [...args],
      options: {
        cases: { type: 'string', default: '1000000' },
        parser: { type: 'string', multiple: true },
        seed: { type: 'string', default: '1' },
        jobs: { type: 'string', default: '1' },
      },
    }),
  )
  const [cases, jobs] = [countOf('cases', values.cases), countOf('jobs', values.jobs)]
  const known = await parserNames()
  const wanted = values.parser ?? known
  const strange = wanted.find((p) => !known.includes(p))
  if (strange !== undefined) refuse(`no parser ${strange}; there are ${known.join(', ')}`)
  const queue = [...wanted]
  let good = true
  const work = async () => {
    for (let parser = queue.shift(); parser; parser = queue.shift()) {
      const result = await fuzzParser({ parser, seed: values.seed, cases })
      process.stdout.write(`${JSON.stringify(result)}\n`)
      if (result.findings.length > 0) keep(result.findings)
      good &&= result.findings.length === 0
    }
  }
  await Promise.all(Array.from({ length: jobs }, work))
  return good
}
