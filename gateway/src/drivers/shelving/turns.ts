/** One job at a time, in the order in which they came; a job that fails does not hold up the next. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve()

  run<T>(job: () => Promise<T>): Promise<T> {
    const mine = this.#last.then(job, job)
    this.#last = mine.catch(() => undefined)
    return mine
  }
}
