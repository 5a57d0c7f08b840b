/** The simulator's control channel: tests and benchmarks move the hidden world through it, nobody else. */
export interface ControlAddress {
  readonly controlPort: number
  readonly controlToken: string
}

export class Control {
  readonly #address: () => Promise<ControlAddress>

  /** `address` is asked before each call: port and token change when the simulator starts again. */
  constructor(address: () => Promise<ControlAddress>) {
    this.#address = address
  }

  /** Posts one act, as `/boxes/place`; the answer is the simulator's JSON. Throws with its words when it refuses. */
  act<T = unknown>(path: string, body: unknown = {}): Promise<T> {
    return this.#call<T>(path, { method: 'POST', body: JSON.stringify(body) })
  }

  /** Reads the hidden truth, as `/world/state`. */
  read<T = unknown>(path: string): Promise<T> {
    return this.#call<T>(path, { method: 'GET' })
  }

  async #call<T>(path: string, init: { method: string; body?: string }): Promise<T> {
    const { controlPort, controlToken } = await this.#address()
    const response = await fetch(`http://127.0.0.1:${controlPort}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${controlToken}`, 'content-type': 'application/json' },
    })
    const text = await response.text()
    if (!response.ok) throw new Error(`simulator refused ${path}: ${response.status} ${text}`)
    return (text ? JSON.parse(text) : undefined) as T
  }
}
