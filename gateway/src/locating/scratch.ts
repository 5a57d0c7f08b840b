/** Room for numbers that are done with before the next call: arrays of their own cost more than what is in them. */
export class Scratch {
  #room = new Float64Array(1024)

  /** At least `n` numbers, whatever they are. */
  of(n: number): Float64Array {
    if (this.#room.length < n) this.#room = new Float64Array(2 * n)
    return this.#room
  }
}
