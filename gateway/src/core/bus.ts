/** What the parts of one process tell each other. `M` maps the name of a topic to its message. */
export interface Bus<M> {
  emit<K extends keyof M>(topic: K, message: M[K]): void
  /** Listens until `off(owner)`. */
  on<K extends keyof M>(owner: object, topic: K, listener: (message: M[K]) => void): void
  /** Removes every listener of one owner: nobody keeps hearing after its end. */
  off(owner: object): void
  /** Listeners at present, for tests and metrics. */
  size(): number
}

interface Entry {
  owner: object
  topic: PropertyKey
  listener: (message: never) => void
}

/** Delivers at once and in order of joining; a listener that throws ends the process, as any bug does. */
export function createBus<M>(): Bus<M> {
  let entries: readonly Entry[] = []
  return {
    emit(topic, message) {
      for (const e of entries) if (e.topic === topic) e.listener(message as never)
    },
    on(owner, topic, listener) {
      entries = [...entries, { owner, topic, listener }]
    },
    off(owner) {
      entries = entries.filter((e) => e.owner !== owner)
    },
    size: () => entries.length,
  }
}
