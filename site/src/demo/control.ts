/** The simulator's control channel: tests and benchmarks move the hidden world through it, nobody else. */
export class Control {
  readonly #base: string
  readonly #token: string

  constructor(port: number, token: string) {
    this.#base = `http://127.0.0.1:${port}`
    this.#token = token
  }

  /** Posts one act; the answer is the simulator's JSON. Throws with its words when it refuses. */
  async act<T = unknown>(path: string, body: unknown = {}): Promise<T> {
    const response = await fetch(`${this.#base}${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`simulator refused ${path}: ${response.status} ${text}`)
    return (text ? JSON.parse(text) : undefined) as T
  }
}
