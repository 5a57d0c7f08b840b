/**
 * `npm run driver:check -- NAME [--rounds N] [--seed S]`: does this driver keep what the driver kit promises? Boots the
 * simulated device that it needs, puts a faulty wire between and judges by what the driver tells. NAME is a driver or
 * a simulated device. A table for people, then JSON lines with --json. Ends with 1 when anything was wrong.
 */
import process from 'node:process'
import { parseArgs } from 'node:util'
import { cases } from '../field/conformance/cases.ts'
import { type CheckResult, checkDevice } from '../field/conformance/check.ts'
import { devicesNamed, driverNames } from '../field/devices.ts'

const usage = 64

function refuse(code: number, text: string): never {
  process.stderr.write(`${text}\n`)
  process.exit(code)
}

function readCommand() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        rounds: { type: 'string', default: '1' },
        seed: { type: 'string', default: '1' },
        only: { type: 'string', multiple: true },
        json: { type: 'boolean', default: false },
        brief: { type: 'boolean', default: false },
        list: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    })
  } catch (error) {
    return refuse(usage, error instanceof Error ? error.message : String(error))
  }
}

const column = (text: string, width: number) => text.padEnd(width)
const ms = (n: number | undefined) => (n === undefined ? '' : `${n} ms`)

function row(r: CheckResult): string {
  const verdict = r.notRun ? '–' : r.wrong.length > 0 ? '✗' : '✓'
  const times = `${ms(r.downMs).padStart(10)} ${ms(r.backMs).padStart(10)}`
  const words = [r.notRun, ...r.wrong, r.note].filter(Boolean).join('; ')
  return `${verdict} ${column(r.name, 16)} ${times}  ${words}`
}

async function main() {
  const { values, positionals } = readCommand()
  const names = () => driverNames().join(', ')
  if (values.list) return void process.stdout.write(`${names()}\n`)
  const call = `npm run driver:check -- NAME … [--only CASE] [--rounds N] [--seed S] [--json]; NAME: ${names()}`
  if (values.help) return void process.stdout.write(`${call}\n`)
  const devices = [...new Set(positionals.flatMap(devicesNamed))]
  const strange = positionals.find((name) => devicesNamed(name).length === 0)
  if (strange !== undefined) refuse(usage, `${strange} 没有 · is not there; ${call}`)
  const wrongCase = values.only?.find((o) => !cases.some((c) => c.name === o))
  if (wrongCase !== undefined)
    refuse(usage, `--only ${wrongCase}; CASE: ${cases.map((c) => c.name).join(', ')}`)
  const rounds = Number(values.rounds)
  if (devices.length === 0 || !Number.isInteger(rounds) || rounds < 1) refuse(usage, call)
  const all: CheckResult[] = []
  for (let round = 0; round < rounds; round++)
    for (const device of devices) {
      process.stdout.write(`\n${device}, seed ${values.seed}/${round}\n`)
      process.stdout.write(
        `  ${column('', 16)} ${'gone after'.padStart(10)} ${'back after'.padStart(10)}\n`,
      )
      const said = (r: CheckResult) => process.stdout.write(`${row(r)}\n`)
      const { only, brief } = values
      const seed = `${values.seed}/${round}`
      all.push(
        ...(await checkDevice(device, {
          seed,
          said,
          brief,
          timed: true,
          ...(only ? { only } : {}),
        })),
      )
    }
  const wrong = all.filter((r) => r.wrong.length > 0)
  const skipped = all.filter((r) => r.notRun !== undefined)
  const good = all.length - wrong.length - skipped.length
  if (values.json) for (const r of all) process.stdout.write(`${JSON.stringify(r)}\n`)
  process.stdout.write(
    `\n${good} 项通过 · good, ${wrong.length} 项不通过 · not good, ${skipped.length} 项不适用 · not for it\n`,
  )
  process.exitCode = wrong.length > 0 ? 1 : 0
}

await main()
