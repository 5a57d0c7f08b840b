import type { Logger } from 'pino'
import { type Capabilities, capabilitiesOf } from './capabilities.ts'
import { enableExtensions, extensionStatus, impinjVendor } from './impinj.ts'
import { type Parameter, param } from './parameters.ts'
import { liveROSpec, ourROSpec } from './rospec.ts'
import { keepaliveMs, type LlrpSession } from './session.ts'

export type StartUp = { ok: true; caps: Capabilities } | { ok: false; why: string }

/** Hopping is off: it would be an event a second. */
const events: [type: number, on: boolean][] = [
  [0, false],
  [1, false],
  [2, true],
  [3, true],
  [4, true],
  [6, false],
  [8, true],
]

/**
 * The sequence of devices 3.2, from a connection that the reader has accepted to reports that flow. Everything
 * the reader held of an earlier client is deleted, so a restart of either side ends in the same state.
 */
export async function startUp(
  session: LlrpSession,
  gen2Session: number,
  log: Logger,
): Promise<StartUp> {
  const asked = await session.call(
    'GET_READER_CAPABILITIES',
    { requested: 0 },
    [],
    'GET_READER_CAPABILITIES_RESPONSE',
  )
  if (!asked.ok) return asked
  const caps = capabilitiesOf(asked.message)
  if (!caps) return { ok: false, why: 'the reader did not say what it is' }
  const impinj = caps.manufacturer === impinjVendor && (await extended(session, log))
  const configured = await session.call(
    'SET_READER_CONFIG',
    { flags: 0 },
    configuration(caps),
    'SET_READER_CONFIG_RESPONSE',
  )
  if (!configured.ok) return configured
  const cleared = await clear(session, log)
  if (cleared) return cleared
  const spec = liveROSpec(caps, gen2Session, impinj)
  const added = await session.call('ADD_ROSPEC', {}, [spec], 'ADD_ROSPEC_RESPONSE')
  if (!added.ok) return added
  const ours = { specId: ourROSpec }
  const enabled = await session.call('ENABLE_ROSPEC', ours, [], 'ENABLE_ROSPEC_RESPONSE')
  if (!enabled.ok) return enabled
  session.send('ENABLE_EVENTS_AND_REPORTS')
  return { ok: true, caps }
}

/** Phase is a gift: a reader that refuses is used without it. */
async function extended(session: LlrpSession, log: Logger): Promise<boolean> {
  const { subtype, payload, responseSubtype } = enableExtensions
  const values = { vendor: impinjVendor, subtype, payload }
  const answer = await session.call('CUSTOM_MESSAGE', values, [], 'CUSTOM_MESSAGE')
  if (!answer.ok) {
    log.warn({ why: answer.why }, 'no Impinj extensions')
    return false
  }
  const { values: got } = answer.message
  const status = got.subtype === responseSubtype ? extensionStatus(got.payload) : null
  if (status !== 0) log.warn({ status }, 'no Impinj extensions')
  return status === 0
}

/** In the order of the specification; some readers insist on it. */
function configuration(caps: Capabilities): Parameter[] {
  return [
    param(
      'ReaderEventNotificationSpec',
      {},
      events.map(([type, on]) => param('EventNotificationState', { type, flags: { on } })),
    ),
    param('KeepaliveSpec', { type: 1, periodMs: keepaliveMs }),
    param('EventsAndReports', { flags: { hold: caps.canHoldReports } }),
  ]
}

async function clear(session: LlrpSession, log: Logger): Promise<StartUp | null> {
  const all = { specId: 0 }
  const access = await session.call('DELETE_ACCESSSPEC', all, [], 'DELETE_ACCESSSPEC_RESPONSE')
  // Readers without access operations refuse this one; that harms nothing.
  if (!access.ok && session.alive) log.info({ why: access.why }, 'access specs were not deleted')
  const ro = await session.call('DELETE_ROSPEC', all, [], 'DELETE_ROSPEC_RESPONSE')
  return ro.ok ? null : ro
}
