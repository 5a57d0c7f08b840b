/** Requests of two bytes and replies of twenty, as public code for a Stow mobile racking PLC reads them. Pure. */

export const requestBytes = 2
export const replyBytes = 20
export const highestAisle = 19

export const statusRequest = (): Uint8Array => Uint8Array.of(0, 2)
export const openRequest = (aisle: number): Uint8Array => Uint8Array.of(aisle, 1)

export type StowRequest = { asks: 'status' } | { asks: 'open'; aisle: number }

/** Reads a request, for the `decode` field tool; null when it is none. */
export function decodeRequest(b: Uint8Array): StowRequest | null {
  if (b.length !== requestBytes) return null
  const [first = 0, second = 0] = b
  if (first === 0 && second === 2) return { asks: 'status' }
  const isAisle = first >= 1 && first <= highestAisle && second === 1
  return isAisle ? { asks: 'open', aisle: first } : null
}

export interface StowReply {
  version: string
  flags: {
    tcpOk: boolean
    auto: boolean
    released: boolean
    manual: boolean
    night: boolean
    moving: boolean
    power: boolean
  }
  messages: number
  trolleys: number
  forkliftsInside: number
  /** Bits of bytes 8 and 9, bit 8.0 first. */
  alarms: boolean[]
  /** Aisles with light on, 1…32. */
  lit: number[]
  requestedAisle: number
  lastOpenAisle: number
  errors: { drive: number; driveCode: number; trolley: number; trolleyCode: number }
}

const bit = (byte: number, n: number) => ((byte >> n) & 1) === 1
const bits = (byte: number, count = 8) => Array.from({ length: count }, (_, n) => bit(byte, n))

/** Why twenty bytes are no reply; null when they may be one. There is no checksum: only what is reserved can tell. */
export function replyFault(b: Uint8Array): string | null {
  if (b.length !== replyBytes) return `${b.length} bytes, not ${replyBytes}`
  const at = (i: number) => b[i] ?? 0
  if (at(0) > highestAisle || at(1) > 3) return 'no request is echoed'
  if (at(2) === 0 && at(3) === 0) return 'no software version'
  if (at(5) & 0x80 || at(9) & 0xe0) return 'reserved bits are set'
  return null
}

/** Reads a reply of which `replyFault` has nothing to say. */
export function decodeReply(b: Uint8Array): StowReply {
  const at = (i: number) => b[i] ?? 0
  const [tcpOk, auto, released, manual, night, moving, power] = bits(at(5), 7) as [
    boolean,
    boolean,
    boolean,
    boolean,
    boolean,
    boolean,
    boolean,
  ]
  const lights = [10, 11, 12, 13].flatMap((i) => bits(at(i)))
  return {
    version: `${at(2)}.${at(3)}`,
    messages: at(4),
    flags: { tcpOk, auto, released, manual, night, moving, power },
    trolleys: at(6),
    forkliftsInside: at(7),
    alarms: [...bits(at(8)), ...bits(at(9), 5)],
    lit: lights.flatMap((on, i) => (on ? [i + 1] : [])),
    requestedAisle: at(14),
    lastOpenAisle: at(15),
    errors: { drive: at(16), driveCode: at(17), trolley: at(18), trolleyCode: at(19) },
  }
}
