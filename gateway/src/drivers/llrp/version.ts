import type { Logger } from 'pino'
import type { Version } from './frames.ts'
import type { LlrpSession } from './session.ts'

const v101: Version = 1
const v11: Version = 2

/**
 * Agrees on LLRP 1.1 where the reader offers it. A reader of 1.0.1 answers with an ERROR_MESSAGE, or not at all;
 * one that hangs up over the question is told so by `session.alive`, and must not be asked again.
 */
export async function negotiate(session: LlrpSession, log: Logger): Promise<void> {
  session.version = v11
  const asked = await session.call(
    'GET_SUPPORTED_VERSION',
    {},
    [],
    'GET_SUPPORTED_VERSION_RESPONSE',
  )
  if (!asked.ok || asked.message.values.supported < v11) {
    session.version = v101
    if (!asked.ok) log.info({ why: asked.why }, 'no LLRP 1.1')
    return
  }
  if (asked.message.values.current === v11) return
  const set = await session.call(
    'SET_PROTOCOL_VERSION',
    { version: v11 },
    [],
    'SET_PROTOCOL_VERSION_RESPONSE',
  )
  if (set.ok) return
  session.version = v101
  log.warn({ why: set.why }, 'the reader offers LLRP 1.1 and does not take it')
}
