/**
 * Runs `job` one at a time. Everybody who asks while it runs shares one more run, which begins when that one has ended:
 * what is told last was read last, and a burst costs two runs.
 */
export function latest(job: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve()
  let waiting: Promise<void> | null = null
  const run = () => {
    waiting = null
    return job()
  }
  return () => {
    if (waiting) return waiting
    last = last.catch(() => undefined).then(run)
    waiting = last
    return last
  }
}
