/**
 * Runs `job` one at a time. Everybody who asks while it runs shares one more run, for all that they name, which begins
 * when that one has ended: what is told last was read last, and a burst costs two runs.
 */
export function latest<T = never>(
  job: (asked: ReadonlySet<T>) => Promise<void>,
): (...asked: T[]) => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  let next: { asked: Set<T>; run: Promise<void> } | null = null
  return (...items) => {
    if (!next) {
      const asked = new Set<T>()
      last = last
        .catch(() => undefined)
        .then(() => {
          next = null
          return job(asked)
        })
      next = { asked, run: last }
    }
    for (const item of items) next.asked.add(item)
    return next.run
  }
}
