/** Message header, numbers and the splitter: any count of messages a chunk, any split. */
import { ByteWriter } from './bytes.ts'

export const m = {
  getCapabilities: 1,
  getConfig: 2,
  setConfig: 3,
  closeConnectionResponse: 4,
  getCapabilitiesResponse: 11,
  getConfigResponse: 12,
  setConfigResponse: 13,
  closeConnection: 14,
  addRospec: 20,
  deleteRospec: 21,
  startRospec: 22,
  stopRospec: 23,
  enableRospec: 24,
  disableRospec: 25,
  getRospecs: 26,
  addAccessSpec: 40,
  deleteAccessSpec: 41,
  enableAccessSpec: 42,
  disableAccessSpec: 43,
  getAccessSpecs: 44,
  getSupportedVersion: 46,
  setProtocolVersion: 47,
  getReport: 60,
  getSupportedVersionResponse: 56,
  setProtocolVersionResponse: 57,
  report: 61,
  keepalive: 62,
  event: 63,
  enableEventsAndReports: 64,
  keepaliveAck: 72,
  error: 100,
  custom: 1023,
} as const

/** LLRPStatus codes (clause 14). */
export const status = {
  ok: 0,
  parameterError: 100,
  fieldError: 101,
  missingParameter: 103,
  unsupportedMessage: 109,
  unsupportedVersion: 110,
  unsupportedParameter: 111,
  deviceError: 401,
} as const

export const impinj = 25_882

export interface Message {
  readonly version: number
  readonly type: number
  readonly id: number
  readonly body: Buffer
}

const headerBytes = 10
const longest = 1 << 20

export function encodeMessage(
  type: number,
  id: number,
  body: Uint8Array = Buffer.alloc(0),
  version = 1,
): Buffer {
  return new ByteWriter()
    .u16((version << 10) | type)
    .u32(headerBytes + body.length)
    .u32(id)
    .bytes(body)
    .done()
}

/** Whole messages and the rest; null when the stream cannot be followed any more. */
export function splitMessages(buffer: Buffer): { messages: Message[]; rest: Buffer } | null {
  const messages: Message[] = []
  let rest = buffer
  while (rest.length >= headerBytes) {
    const head = rest.readUInt16BE(0)
    const length = rest.readUInt32BE(2)
    if (length < headerBytes || length > longest) return null
    if (rest.length < length) break
    messages.push({
      version: (head >> 10) & 7,
      type: head & 0x3ff,
      id: rest.readUInt32BE(6),
      body: rest.subarray(headerBytes, length),
    })
    rest = rest.subarray(length)
  }
  return { messages, rest }
}

/** LLRPStatus (287). */
export const statusParameter = (code: number, text: string) => (w: ByteWriter) => {
  w.tlv(287, (p) => p.u16(code).text(text))
}
