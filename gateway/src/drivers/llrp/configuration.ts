import type { Logger } from 'pino'
import type { Capabilities } from './capabilities.ts'
import { find, findAll, type Parameter, param } from './parameters.ts'
import type { Plan } from './plan.ts'
import { keepaliveMs, type LlrpSession } from './session.ts'

const everything = 0

/** Hopping is off: it would be an event a second. */
const events = (plan: Plan): [type: number, on: boolean][] => [
  [0, false],
  [1, false],
  [2, true],
  [3, true],
  [4, true],
  [6, plan.rounds !== null],
  [8, true],
]

/** What SET_READER_CONFIG asks for, in the order of the specification; some readers insist on it. */
export function configuration(caps: Capabilities, plan: Plan): Parameter[] {
  return [
    param(
      'ReaderEventNotificationSpec',
      {},
      events(plan).map(([type, on]) => param('EventNotificationState', { type, flags: { on } })),
    ),
    param('KeepaliveSpec', { type: 1, periodMs: keepaliveMs }),
    param('EventsAndReports', { flags: { hold: caps.canHoldReports } }),
  ]
}

/**
 * Reads the configuration back. Gives the antennas of the plan that the reader calls disconnected: without a list
 * in the entry an empty port is no fault. A reader that does not answer is used all the same.
 */
export async function checkConfiguration(
  session: LlrpSession,
  plan: Plan,
  log: Logger,
): Promise<number[]> {
  const answer = await session.call(
    'GET_READER_CONFIG',
    { antenna: 0, requested: everything, gpi: 0, gpo: 0 },
    [],
    'GET_READER_CONFIG_RESPONSE',
  )
  if (!answer.ok) {
    log.info({ why: answer.why }, 'the configuration was not read back')
    return []
  }
  const { params } = answer.message
  const keepalive = find(params, 'KeepaliveSpec')?.values
  if (keepalive && (keepalive.type !== 1 || keepalive.periodMs !== keepaliveMs))
    log.warn({ ...keepalive, wanted: keepaliveMs }, 'the reader keeps another keepalive')
  const planned = new Set(plan.antennas.map((a) => a.antenna))
  return findAll(params, 'AntennaProperties')
    .filter(({ values }) => planned.has(values.antenna) && !values.flags.connected)
    .map(({ values }) => values.antenna)
}
