import { DomainError } from '../../http/domain-error.ts'

interface Line {
  tail: Promise<unknown>
  length: number
}
const lines = new Map<string, Line>()
const longest = 4

/**
 * Guesses of one name, one after another: of many at the same moment each must see what the one before it cost, or
 * all of them are heard before the first is counted. Whoever comes to a full line is sent away.
 */
export async function inTurn<T>(name: string, act: () => Promise<T>): Promise<T> {
  const line = lines.get(name) ?? { tail: Promise.resolve(), length: 0 }
  if (line.length >= longest)
    throw new DomainError('rate-limited', undefined, { retryAfterSeconds: 1 })
  lines.set(name, line)
  line.length++
  const mine = line.tail.then(act)
  line.tail = Promise.allSettled([mine])
  try {
    return await mine
  } finally {
    line.length--
    if (line.length === 0) lines.delete(name)
  }
}
