import type { Logger } from 'pino'
import type { ShelvingAnswer, ShelvingRequest } from '../driver.ts'
import type { ShelvingProfile } from '../modbus/profile.ts'
import { failed, readRange } from '../modbus/read.ts'
import { type ModbusSession, urgency } from '../modbus/session.ts'

/** The two registers of one write; null where the profile has no such verb. */
export function registersOf(
  profile: ShelvingProfile,
  request: ShelvingRequest,
): [number, number] | null {
  const code = profile.commands?.verbs[request.verb]
  return code === undefined ? null : [code, request.column ?? request.aisle ?? 0]
}

/**
 * Writes a verb exactly once (rule S6), and only if `still` says so when the line is free for it. A lost reply is `link-lost`: the verb may have been taken, so the caller
 * reads status and never writes it again. Only what the controller counted or refused is said about it.
 */
export async function sendOnce(
  session: ModbusSession,
  unit: number,
  profile: ShelvingProfile,
  request: ShelvingRequest,
  log: Logger,
  still: () => boolean,
): Promise<ShelvingAnswer> {
  const commands = profile.commands
  const values = registersOf(profile, request)
  if (!commands || !values) return 'unsupported'
  const isStop = request.verb === 'stop'
  const answerAt = { fc: 3, address: commands.answer, count: 2 } as const
  // The counter tells an answer to this verb from one to an older verb; a stop does not wait for it.
  const before = isStop ? null : await readRange(session, unit, answerAt, urgency.command)
  if (before && failed(before)) return before.kind === 'lost' ? 'link-lost' : 'rejected'
  const write = { fc: 16, address: commands.address, values } as const
  const wanted = isStop ? urgency.stop : urgency.command
  const written = await session.request(unit, write, wanted, still)
  if (written.kind === 'withdrawn') return 'withdrawn'
  if (written.kind === 'lost') return 'link-lost'
  if (written.kind === 'exception') {
    log.warn({ verb: request.verb, exception: written.code }, 'the controller refused the frame')
    return 'rejected'
  }
  if (!before) return 'sent'
  const after = await readRange(session, unit, answerAt, urgency.command)
  if (failed(after)) return 'sent'
  const counted = after[0] !== before[0]
  const refusal = commands.refusals[String(after[1] ?? 0)]
  if (counted || refusal === undefined) return 'sent'
  log.info({ verb: request.verb, aisle: request.aisle, refusal }, 'the controller refused')
  return 'rejected'
}
