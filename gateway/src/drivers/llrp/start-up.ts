import type { Logger } from 'pino'
import { ourAccessSpec, tidAccessSpec } from './access-spec.ts'
import { type Capabilities, capabilitiesOf } from './capabilities.ts'
import { checkConfiguration, configuration } from './configuration.ts'
import { enableExtensions, extensionStatus, impinjVendor } from './impinj.ts'
import type { LlrpReader } from './kind.ts'
import { type Plan, planOf } from './plan.ts'
import { ourROSpec, roSpecOf } from './rospec.ts'
import type { LlrpSession } from './session.ts'
import { negotiate } from './version.ts'

export type StartUp =
  | {
      ok: true
      caps: Capabilities
      plan: Plan
      /** Antennas of the entry that the reader calls disconnected. */
      absent: number[]
    }
  | Failed
interface Failed {
  ok: false
  why: string
}

export interface StartUpOptions {
  device: LlrpReader
  log: Logger
  /** Ask for LLRP 1.1: not when this reader has hung up over the question before. */
  newer: boolean
}

/**
 * The sequence of devices 3.2, from a connection that the reader has accepted to reports that flow. Everything
 * the reader held of an earlier client is deleted, so a restart of either side ends in the same state.
 */
export async function startUp(session: LlrpSession, options: StartUpOptions): Promise<StartUp> {
  const { device, log } = options
  if (options.newer) await negotiate(session, log)
  session.settleVersion()
  const caps = await capabilities(session)
  if ('ok' in caps) return caps
  const plan = planOf(device, caps)
  if (typeof plan === 'string') return { ok: false, why: `settings: ${plan}` }
  const impinj = caps.manufacturer === impinjVendor && (await extended(session, log))
  const asked = configuration(caps, plan)
  const configured = await session.call(
    'SET_READER_CONFIG',
    { flags: 0 },
    asked,
    'SET_READER_CONFIG_RESPONSE',
  )
  if (!configured.ok) return configured
  const absent = await checkConfiguration(session, plan, log)
  const failed =
    (await clear(session, log)) ??
    (await addROSpec(session, plan, impinj)) ??
    (await addTidRead(session, impinj ? undefined : device.tidWords, caps, log)) ??
    (await enableROSpec(session))
  if (failed) return failed
  session.send('ENABLE_EVENTS_AND_REPORTS')
  return { ok: true, caps, plan, absent }
}

async function capabilities(session: LlrpSession): Promise<Capabilities | Failed> {
  const asked = await session.call(
    'GET_READER_CAPABILITIES',
    { requested: 0 },
    [],
    'GET_READER_CAPABILITIES_RESPONSE',
  )
  if (!asked.ok) return asked
  return capabilitiesOf(asked.message) ?? { ok: false, why: 'the reader did not say what it is' }
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

async function clear(session: LlrpSession, log: Logger): Promise<Failed | null> {
  const all = { specId: 0 }
  const access = await session.call('DELETE_ACCESSSPEC', all, [], 'DELETE_ACCESSSPEC_RESPONSE')
  // Readers without access operations refuse this one; that harms nothing.
  if (!access.ok && session.alive) log.info({ why: access.why }, 'access specs were not deleted')
  const ro = await session.call('DELETE_ROSPEC', all, [], 'DELETE_ROSPEC_RESPONSE')
  return ro.ok ? null : ro
}

async function addROSpec(session: LlrpSession, plan: Plan, impinj: boolean) {
  const added = await session.call(
    'ADD_ROSPEC',
    {},
    [roSpecOf(plan, impinj)],
    'ADD_ROSPEC_RESPONSE',
  )
  return added.ok ? null : added
}

/** A TID is a gift too: a reader that refuses the operation reads EPCs all the same. */
async function addTidRead(
  session: LlrpSession,
  words: number | undefined,
  { maxAccessSpecs }: Capabilities,
  log: Logger,
): Promise<Failed | null> {
  if (words === undefined) return null
  if (maxAccessSpecs === 0) {
    log.warn({}, 'this reader has no access operations: no TID')
    return null
  }
  const spec = tidAccessSpec(words)
  const added = await session.call('ADD_ACCESSSPEC', {}, [spec], 'ADD_ACCESSSPEC_RESPONSE')
  const ours = { specId: ourAccessSpec }
  const on = added.ok
    ? await session.call('ENABLE_ACCESSSPEC', ours, [], 'ENABLE_ACCESSSPEC_RESPONSE')
    : added
  if (!on.ok) log.warn({ why: on.why }, 'the reader takes no TID operation')
  return session.alive ? null : { ok: false, why: 'the connection ended' }
}

async function enableROSpec(session: LlrpSession) {
  const ours = { specId: ourROSpec }
  const enabled = await session.call('ENABLE_ROSPEC', ours, [], 'ENABLE_ROSPEC_RESPONSE')
  return enabled.ok ? null : enabled
}
