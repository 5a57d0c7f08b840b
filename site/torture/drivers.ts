import process from 'node:process'
import { parseArgs } from 'node:util'
import { allDevices, devicesNamed } from '../src/field/devices.ts'
import { type KillResult, killAgainAndAgain } from '../src/field/kills.ts'
import { countOf, orRefuse, refuse } from './refuse.ts'

/** `npm run torture -- drivers [NAME …] [--rounds 20] [--seed S]`: every peer is killed again and again. */
export async function drivers(args: readonly string[]): Promise<boolean> {
  const { values, positionals } = orRefuse(() =>
    parseArgs({
      args: [...args],
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: '20' },
        seed: { type: 'string', default: '1' },
      },
    }),
  )
  const rounds = countOf('rounds', values.rounds)
  const wanted =
    positionals.length > 0 ? positionals.flatMap(devicesNamed) : allDevices().map((d) => d.name)
  const strange = positionals.find((name) => devicesNamed(name).length === 0)
  if (strange !== undefined) refuse(`no such driver or device: ${strange}`)
  let good = true
  for (const device of wanted) {
    const { seed } = values
    const said = (r: KillResult) => process.stdout.write(`${JSON.stringify(r)}\n`)
    const results = await killAgainAndAgain(device, {
      rounds,
      seed,
      timed: true,
      said,
    })
    const wrong = results.filter((r) => r.wrong.length > 0).length
    const back = results.map((r) => r.backMs ?? Number.POSITIVE_INFINITY)
    const summary = { device, kills: results.length, wrong, worstBackMs: Math.max(...back) }
    process.stdout.write(`${JSON.stringify(summary)}\n`)
    good &&= wrong === 0
  }
  return good
}
