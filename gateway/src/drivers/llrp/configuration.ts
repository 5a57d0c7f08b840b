import type { Logger } from 'pino'
import type { Capabilities } from './capabilities.ts'
import { find, findAll, type Parameter, param } from './parameters.ts'
import type { Plan } from './plan.ts'
import { keepaliveMs, type LlrpSession } from './session.ts'

/** RequestedData of GET_READER_CONFIG. */
const part = { antennas: 2, keepalive: 8 } as const

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
 * Reads back what matters. Gives the antennas of the plan that the reader calls disconnected: without a list in the
 * entry an empty port is no fault. A reader that does not answer is used all the same.
 */
export async function checkConfiguration(
  session: LlrpSession,
  plan: Plan,
  log: Logger,
): Promise<number[]> {
  const keepalive = find(await ask(session, part.keepalive, log), 'KeepaliveSpec')?.values
  if (keepalive && (keepalive.type !== 1 || keepalive.periodMs !== keepaliveMs))
    log.warn({ ...keepalive, wanted: keepaliveMs }, 'the reader keeps another keepalive')
  const planned = new Set(plan.antennas.map((a) => a.antenna))
  return findAll(await ask(session, part.antennas, log), 'AntennaProperties')
    .filter(({ values }) => planned.has(values.antenna) && !values.flags.connected)
    .map(({ values }) => values.antenna)
}

/** One part alone: a reader's answer to "all" may hold a hundred antenna configurations. */
async function ask(session: LlrpSession, requested: number, log: Logger): Promise<Parameter[]> {
  const answer = await session.call(
    'GET_READER_CONFIG',
    { antenna: 0, requested, gpi: 0, gpo: 0 },
    [],
    'GET_READER_CONFIG_RESPONSE',
  )
  if (answer.ok) return answer.message.params
  log.info({ why: answer.why, requested }, 'the configuration was not read back')
  return []
}
