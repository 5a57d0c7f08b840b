type Ended = (sessionId: string, code: 'not-signed-in' | 'session-expired') => void

/** Tells the live sockets of this process at once that a session ended; the periodic check finds those of others. */
export class SessionEvents {
  readonly #listeners = new Set<Ended>()
  onEnded(listener: Ended): () => void {
    this.#listeners.add(listener)
    return () => void this.#listeners.delete(listener)
  }
  ended: Ended = (id, code) => {
    for (const listener of this.#listeners) listener(id, code)
  }
}
