/** The last so many keys, to know one that comes twice. */
export class Recent {
  readonly #most: number
  readonly #keys = new Set<string>()

  constructor(most: number) {
    this.#most = most
  }

  /** False when it was here already. */
  add(key: string): boolean {
    if (this.#keys.has(key)) return false
    this.#keys.add(key)
    if (this.#keys.size > this.#most) {
      const [oldest] = this.#keys
      if (oldest !== undefined) this.#keys.delete(oldest)
    }
    return true
  }
}
