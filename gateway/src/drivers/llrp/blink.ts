import { millis } from '@lantai/contracts'
import type { IdentifyAnswer } from '../driver.ts'
import { param } from './parameters.ts'
import type { LlrpSession } from './session.ts'

const blinks = 3
const blinkMs = millis(500)

/** Switches one output of the reader on and off, and leaves it dark. */
export async function blink(session: LlrpSession, port: number): Promise<IdentifyAnswer> {
  for (let n = 0; n < 2 * blinks; n++) {
    const write = param('GPOWriteData', { port, flags: { high: n % 2 === 0 } })
    const set = await session.call(
      'SET_READER_CONFIG',
      { flags: 0 },
      [write],
      'SET_READER_CONFIG_RESPONSE',
    )
    if (!session.alive) return 'link-lost'
    if (!set.ok) return 'unsupported'
    if (n < 2 * blinks - 1) await session.pause(blinkMs)
  }
  return 'blinked'
}
