/**
 * `npm run torture -- NAME …`: what takes too long for `npm test`. JSON lines; ends with 1 when anything was wrong.
 * `drivers` kills every peer twenty times, `fuzz` feeds every parser with what nobody should send.
 */
import process from 'node:process'
import { drivers } from './drivers.ts'
import { fuzz } from './fuzz.ts'

const tortures: Readonly<Record<string, (args: readonly string[]) => Promise<boolean>>> = {
  drivers,
  fuzz,
}

const [name = '', ...args] = process.argv.slice(2)
const torture = Object.hasOwn(tortures, name) ? tortures[name] : undefined
if (!torture) {
  process.stderr.write(`npm run torture -- ${Object.keys(tortures).join('|')} …\n`)
  process.exit(64)
}
process.exitCode = (await torture(args)) ? 0 : 1
