/** The events in one MQTT message. Pure. */
import { JsonStream } from './json-stream.ts'

export type JsonMessage = { value: unknown } | { bad: string }

/** Every value of the message: one, lines of them, or the elements of an array. Bad parts are named and passed over. */
export function jsonMessages(payload: Uint8Array): JsonMessage[] {
  const whole = parsed(payload)
  if (whole !== undefined)
    return Array.isArray(whole) ? whole.map((value) => ({ value })) : [{ value: whole }]
  const stream = new JsonStream({ known: () => true, limitBytes: 64 * 1024 })
  return [...stream.push(payload), ...stream.end()].map((piece) =>
    'error' in piece ? { bad: piece.error } : { value: piece.value },
  )
}

/** The usual case is one value: it is read as such. */
function parsed(payload: Uint8Array): unknown {
  try {
    return JSON.parse(
      Buffer.from(payload.buffer, payload.byteOffset, payload.length).toString('utf8'),
    )
  } catch {
    return undefined
  }
}
