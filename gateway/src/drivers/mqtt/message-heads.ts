const mostTopics = 12
const eachTopic = 2
const headBytes = 200

/** The first messages of each topic as a person can read them, for a trial. */
export class MessageHeads {
  readonly #explain: (text: string) => void
  readonly #seen = new Map<string, number>()

  constructor(explain: (text: string) => void) {
    this.#explain = explain
  }

  take(topic: string, payload: Uint8Array, retained: boolean) {
    const before = this.#seen.get(topic) ?? 0
    if (before >= eachTopic || (before === 0 && this.#seen.size >= mostTopics)) return
    this.#seen.set(topic, before + 1)
    const bytes = `${payload.length} bytes${retained ? ', retained' : ''}`
    this.#explain(`${topic} (${bytes}): ${headOf(payload)}`)
  }
}

/** As text on one line; what is no text is shown in hex. */
function headOf(payload: Uint8Array): string {
  const head = Buffer.from(payload.subarray(0, headBytes))
  const text = head.toString('utf8')
  const shown = text.includes('\ufffd') && payload.length <= headBytes ? head.toString('hex') : text
  const more = payload.length > headBytes ? ' …' : ''
  return `${shown.replaceAll(/\p{C}+/gu, ' ')}${more}`
}
