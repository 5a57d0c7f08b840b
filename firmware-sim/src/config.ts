/** Everything the simulator is told from outside: name, default, reading, and all that is wrong at once. */
import { env } from 'node:process'

type Read<T> = { value: T } | { problem: string }
type Field<T> = (given: string | undefined) => Read<T>
type Fields = Record<string, Field<unknown>>
type Values<F extends Fields> = { [K in keyof F]: F[K] extends Field<infer T> ? T : never }
export type ConfigResult<T> = { ok: true; value: T } | { ok: false; problems: string[] }

const text =
  (fallback: string, pattern: RegExp): Field<string> =>
  (given) =>
    pattern.test(given ?? fallback)
      ? { value: given ?? fallback }
      : { problem: `must match ${pattern.source}` }

const integer =
  (fallback: number | null, low: number, high: number): Field<number | null> =>
  (given) => {
    if (given === undefined || given === '') return { value: fallback }
    const n = Number(given)
    return Number.isInteger(n) && n >= low && n <= high
      ? { value: n }
      : { problem: `must be a whole number from ${low} to ${high}` }
  }

/** `YYYY-MM-DD`; without it the day of the machine's clock. */
const day: Field<string> = (given) => {
  const value = given || new Date().toISOString().slice(0, 10)
  return /^\d{4}-\d\d-\d\d$/.test(value) && !Number.isNaN(Date.parse(value))
    ? { value }
    : { problem: 'must be a day as 2026-11-22' }
}

const catalogueFields = { SIM_SEED: text('lantai', /^[\w.-]{1,64}$/), SIM_TODAY: day }

const simFields = {
  ...catalogueFields,
  /** State, remembered ports and stable pty paths live here. */
  SIM_DIR: text('', /^\/.+/),
  /** First of a run of fixed ports; without it any free ones, remembered in SIM_DIR. */
  SIM_PORT_BASE: integer(null, 1024, 65_000),
  SIM_AMBIENT: text('0', /^[01]$/),
  /** On- and off-delay of the climate alarms in the device list that the simulator hands out. */
  SIM_ALARM_DELAY_MS: integer(600_000, 0, 86_400_000),
  LOG_LEVEL: text('info', /^(fatal|error|warn|info|debug|trace)$/),
}

function readAll<F extends Fields>(
  fields: F,
  from: Record<string, string | undefined>,
): ConfigResult<Values<F>> {
  const problems: string[] = []
  const value: Record<string, unknown> = {}
  for (const [name, read] of Object.entries(fields)) {
    const got = read(from[name])
    if ('problem' in got) problems.push(`${name} ${got.problem}`)
    else value[name] = got.value
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, value: value as Values<F> }
}

export const readCatalogueConfig = (from = env) => readAll(catalogueFields, from)
export const readSimConfig = (from = env) => readAll(simFields, from)
export type SimConfig = Values<typeof simFields>
