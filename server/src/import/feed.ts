/** Lines that one side reads while the other takes them on: nobody waits for the whole file. */
export class Feed<T> implements AsyncIterable<T[]> {
  #batch: T[] = []
  #ended = false
  #wake: (() => void) | null = null

  push(item: T) {
    this.#batch.push(item)
    this.#signal()
  }

  /** Nothing more will come. */
  end() {
    this.#ended = true
    this.#signal()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T[]> {
    for (;;) {
      const batch = this.#batch
      this.#batch = []
      if (batch.length > 0) yield batch
      else if (this.#ended) return
      else
        await new Promise<void>((resolve) => {
          this.#wake = resolve
        })
    }
  }

  #signal() {
    this.#wake?.()
    this.#wake = null
  }
}
