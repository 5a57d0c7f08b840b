/** ESPA 4.4.4 on an ISO 1745 line: what may come, found in a stream of bytes. Pure. */

export const soh = 0x01
export const stx = 0x02
export const etx = 0x03
export const eot = 0x04
export const enq = 0x05
export const ack = 0x06
export const nak = 0x15
export const rs = 0x1e
export const us = 0x1f

export type EspaPiece = { readonly offset: number; readonly length: number } & (
  | { readonly kind: 'enq' | 'ack' | 'nak' | 'eot'; readonly address: string }
  /** Everything behind SOH up to ETX, the latter included. */
  | { readonly kind: 'block'; readonly body: Uint8Array }
  | { readonly kind: 'badBlock'; readonly body: Uint8Array; readonly why: string }
  | { readonly kind: 'rubbish'; readonly body: Uint8Array; readonly why: string }
)

/** Display texts are short; more than this without an end is no block. */
const longestBlock = 1024
const longestAddress = 3
const controls: Readonly<Record<number, 'enq' | 'ack' | 'nak' | 'eot'>> = {
  [enq]: 'enq',
  [ack]: 'ack',
  [nak]: 'nak',
  [eot]: 'eot',
}

/** Exclusive or of everything behind SOH, ETX included [known; src: public code]. */
export const bccOf = (body: Uint8Array): number => body.reduce((sum, b) => sum ^ b, 0)

/** Stations have short names of digits or letters, most often `1` for the panel and `2` for the receiver. */
const isAddressByte = (b: number) =>
  (b >= 0x30 && b <= 0x39) || (b >= 0x41 && b <= 0x5a) || (b >= 0x61 && b <= 0x7a)

/**
 * Takes one byte after another. The byte behind ETX is the BCC whatever its value, control characters included. Any
 * split of the stream gives the same.
 */
export class EspaScanner {
  #offset = 0
  #held: number[] = []
  #state: 'idle' | 'block' | 'bcc' = 'idle'

  push(chunk: Uint8Array): EspaPiece[] {
    const found: EspaPiece[] = []
    for (const byte of chunk) {
      this.#offset += 1
      this.#take(byte, found)
    }
    return found
  }
  /** The line fell silent or the stream ended: what is held is half a message. */
  flush(): EspaPiece[] {
    const found: EspaPiece[] = []
    this.#drop('half a message', found)
    return found
  }
  get pending() {
    return this.#held.length
  }

  #take(byte: number, found: EspaPiece[]) {
    if (this.#state === 'idle') this.#idle(byte, found)
    else if (this.#state === 'bcc') this.#close(byte, found)
    else this.#inBlock(byte, found)
  }

  #idle(byte: number, found: EspaPiece[]) {
    const control = controls[byte]
    if (control) {
      const address = String.fromCharCode(...this.#held)
      found.push({ ...this.#span(1), kind: control, address })
      this.#held = []
    } else if (byte === soh) {
      this.#drop('an address that nothing follows', found, 1)
      this.#held = [soh]
      this.#state = 'block'
    } else if (isAddressByte(byte) && this.#held.length < longestAddress) this.#held.push(byte)
    else {
      this.#held.push(byte)
      this.#drop('no control character', found)
    }
  }

  #inBlock(byte: number, found: EspaPiece[]) {
    if (byte === soh || byte === eot) {
      this.#drop(byte === soh ? 'a block within a block' : 'a block that was given up', found, 1)
      this.#idle(byte, found)
      return
    }
    this.#held.push(byte)
    if (byte === etx) this.#state = 'bcc'
    else if (this.#held.length > longestBlock) this.#drop('a block without an end', found)
  }

  #close(byte: number, found: EspaPiece[]) {
    const body = Uint8Array.from(this.#held.slice(1))
    const span = this.#span(1)
    this.#held = []
    this.#state = 'idle'
    if (bccOf(body) === byte) found.push({ ...span, kind: 'block', body })
    else found.push({ ...span, kind: 'badBlock', body, why: 'wrong BCC' })
  }

  /** `behind` bytes were taken already that do not belong to what is dropped. */
  #drop(why: string, found: EspaPiece[], behind = 0) {
    const body = Uint8Array.from(this.#held)
    const offset = this.#offset - behind - body.length
    this.#held = []
    this.#state = 'idle'
    if (body.length > 0) found.push({ offset, length: body.length, kind: 'rubbish', body, why })
  }

  /** Place of what is held and `more` bytes. */
  #span(more: number) {
    const length = this.#held.length + more
    return { offset: this.#offset - length, length }
  }
}

export interface EspaRecord {
  /** `1` call address, `2` display text … ; empty where a record has no separator. */
  readonly id: string
  readonly text: string
}
export interface EspaMessage {
  /** `1` call to pager, `2` status information, `3` status request, `4` call to a subscriber. */
  readonly header: string
  readonly records: readonly EspaRecord[]
}

export const recordNames: Readonly<Record<string, string>> = {
  '1': 'callAddress',
  '2': 'displayText',
  '3': 'beepCoding',
  '4': 'callType',
  '5': 'transmissions',
  '6': 'priority',
  '7': 'callStatus',
}

export const encodings = ['windows-1252', 'gb18030', 'utf-8', 'iso-8859-15'] as const
export type EspaEncoding = (typeof encodings)[number]

/** Panels put line ends and padding into their texts. */
const readable = (text: string): string =>
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
  text.replace(/[\u0000-\u001f\u007f]+/g, ' ').trim()

/** A block whose BCC was right; null when it has no text part. Unknown records are kept as text. */
export function readBlock(body: Uint8Array, encoding: EspaEncoding): EspaMessage | null {
  const start = body.indexOf(stx)
  if (start < 0) return null
  const words = new TextDecoder(encoding)
  const text = (bytes: Uint8Array) => readable(words.decode(bytes))
  const header = text(body.subarray(0, start))
  const records = splitAt(body.subarray(start + 1, body.length - 1), rs)
    .filter((r) => r.length > 0)
    .map((r) => {
      const at = r.indexOf(us)
      if (at < 0) return { id: '', text: text(r) }
      return { id: text(r.subarray(0, at)), text: text(r.subarray(at + 1)) }
    })
  return { header, records }
}

function splitAt(bytes: Uint8Array, separator: number): Uint8Array[] {
  const parts: Uint8Array[] = []
  let from = 0
  for (let at = bytes.indexOf(separator); at >= 0; at = bytes.indexOf(separator, from)) {
    parts.push(bytes.subarray(from, at))
    from = at + 1
  }
  return [...parts, bytes.subarray(from)]
}

/** First record of that kind. */
export const recordOf = (message: EspaMessage, id: string): string | undefined =>
  message.records.find((r) => r.id === id)?.text
