/**
 * Functions of the specification that no driver of ours uses and that a capture may show all the same: other masters,
 * and `npm run discover`, which asks a unit who it is. For the `decode` field tool. Pure.
 */

type Fields = Record<string, unknown>
export interface Explained {
  role: 'request' | 'reply'
  fields: Fields
}
interface OtherFunction {
  readonly name: string
  /** Lengths of a whole RTU frame that begins so, shortest first; `more` where that takes another byte. */
  lengths(b: Uint8Array, isFrame: (length: number) => boolean): number[] | 'more'
  /** `isAnswer`: the frame before it was a request of the same unit and function. */
  explain(pdu: Uint8Array, isAnswer: boolean): Explained
}

const head = 4
const readDeviceIdentification = 14
const u16 = (b: Uint8Array, at: number) => ((b[at] ?? 0) << 8) | (b[at + 1] ?? 0)
const hex = (b: Uint8Array) => Buffer.from(b).toString('hex')
const words = (b: Uint8Array) =>
  Array.from({ length: Math.floor(b.length / 2) }, (_, i) => u16(b, i * 2))
const request = (fields: Fields = {}): Explained => ({ role: 'request', fields })
const reply = (fields: Fields): Explained => ({ role: 'reply', fields })

/** A request without data and a reply of fixed length. */
const bare = (
  name: string,
  length: number,
  fields: (pdu: Uint8Array) => Fields,
): OtherFunction => ({
  name,
  lengths: () => [head, length],
  explain: (pdu) => (pdu.length === 1 ? request() : reply(fields(pdu))),
})
/** A request without data and a reply that counts its bytes. */
const counted = (name: string): OtherFunction => ({
  name,
  lengths: (b) => (b[2] === undefined ? 'more' : [head, 5 + b[2]]),
  explain: (pdu) =>
    pdu.length === 1 ? request() : reply({ bytes: pdu[1], data: hex(pdu.subarray(2)) }),
})
/** The reply repeats the request. */
const echoed = (
  name: string,
  length: number,
  fields: (pdu: Uint8Array) => Fields,
): OtherFunction => ({
  name,
  lengths: () => [length],
  explain: (pdu, isAnswer) => (isAnswer ? reply : request)(fields(pdu)),
})

const readWriteMultiple: OtherFunction = {
  name: 'read and write multiple registers',
  lengths(b, isFrame) {
    if (b[2] === undefined) return 'more'
    const answer = 5 + b[2]
    // A short reply may be over before the place where a request counts its bytes.
    if (b[10] === undefined) return b.length >= answer && isFrame(answer) ? [answer] : 'more'
    return [answer, 13 + b[10]].sort((a, z) => a - z)
  },
  explain(pdu, isAnswer) {
    const isReply = pdu.length === 2 + (pdu[1] ?? 0)
    const isRequest = pdu.length === 10 + (pdu[9] ?? 0) && u16(pdu, 7) * 2 === pdu[9]
    if (isReply && (isAnswer || !isRequest)) return reply({ registers: words(pdu.subarray(2)) })
    return request({
      address: u16(pdu, 1),
      count: u16(pdu, 3),
      writeAddress: u16(pdu, 5),
      values: words(pdu.subarray(10)),
    })
  },
}

const objectNames = ['vendor', 'productCode', 'revision', 'url', 'product', 'model', 'application']

const encapsulated: OtherFunction = {
  name: 'read device identification',
  lengths(b, isFrame) {
    if (b[2] === undefined) return 'more'
    if (b[2] !== readDeviceIdentification) return []
    if (b.length < 7) return 'more'
    if (isFrame(7)) return [7]
    if (b[7] === undefined) return 'more'
    let end = 8
    for (let left = b[7]; left > 0 && end <= 254; left -= 1) {
      const length = b[end + 1]
      if (length === undefined) return 'more'
      end += 2 + length
    }
    return [end + 2]
  },
  explain(pdu) {
    if (pdu.length === 4) return request({ mei: pdu[1], access: pdu[2], object: pdu[3] })
    const objects: Fields[] = []
    for (let at = 7; at + 1 < pdu.length; at += 2 + (pdu[at + 1] ?? 0)) {
      const id = pdu[at] ?? 0
      const text = Buffer.from(pdu.subarray(at + 2, at + 2 + (pdu[at + 1] ?? 0))).toString('latin1')
      objects.push({ id, ...(objectNames[id] ? { name: objectNames[id] } : {}), text })
    }
    const [, mei, access, conformity, more, next] = pdu
    return reply({ mei, access, conformity, moreFollows: more === 0xff, next, objects })
  },
}

export const otherFunctions: Readonly<Record<number, OtherFunction>> = {
  7: bare('read exception status', 5, (pdu) => ({ status: pdu[1] })),
  8: echoed('diagnostics', 8, (pdu) => ({ subfunction: u16(pdu, 1), data: u16(pdu, 3) })),
  11: bare('get communication event counter', 8, (pdu) => ({
    status: u16(pdu, 1),
    events: u16(pdu, 3),
  })),
  12: counted('get communication event log'),
  17: counted('report server id'),
  22: echoed('mask write register', 10, (pdu) => ({
    address: u16(pdu, 1),
    and: u16(pdu, 3),
    or: u16(pdu, 5),
  })),
  23: readWriteMultiple,
  43: encapsulated,
}
