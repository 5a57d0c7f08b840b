import { expect, test } from 'vitest'
import { BatchQueue } from './queue.ts'

/** Takes batches one at a time, each when it is let through. */
function gate() {
  const taken: string[] = []
  let running = 0
  let most = 0
  const waiting: (() => void)[] = []
  const queue = new BatchQueue(
    String,
    async (gateway, _, parsed) => {
      most = Math.max(most, ++running)
      taken.push(`${gateway} ${parsed}`)
      await new Promise<void>((resolve) => waiting.push(resolve))
      running--
    },
    100,
  )
  const letAll = async () => {
    const idle = queue.idle()
    let done = false
    void idle.then(() => {
      done = true
    })
    while (!done) {
      waiting.shift()?.()
      await new Promise((resolve) => setImmediate(resolve))
    }
  }
  return { queue, taken, letAll, most: () => most }
}
const bytes = (text: string) => Buffer.from(text)

test('D13 G3 one batch at a time per gateway, alarms and custody first, reads and telemetry as they came', async () => {
  const { queue, taken, letAll, most } = gate()
  queue.add('a', 'telemetry', bytes('t1'))
  queue.add('a', 'telemetry', bytes('t2'))
  queue.add('a', 'reads', bytes('r'))
  queue.add('a', 'custody', bytes('c'))
  queue.add('a', 'alarm', bytes('!'))
  await letAll()
  expect(taken).toEqual(['a t1', 'a !', 'a c', 'a t2', 'a r'])
  expect(most()).toBe(1)
})

test('gateways do not wait for each other', async () => {
  const { queue, taken, letAll } = gate()
  queue.add('a', 'reads', bytes('1'))
  queue.add('b', 'reads', bytes('1'))
  expect(taken).toEqual(['a 1', 'b 1'])
  await letAll()
})

test('what does not fit is dropped and said so; there is room again when something was taken', async () => {
  const { queue, letAll } = gate()
  expect(queue.add('a', 'reads', Buffer.alloc(10))).toBe(true)
  expect(queue.add('a', 'reads', Buffer.alloc(95))).toBe(true)
  expect(queue.add('a', 'reads', Buffer.alloc(10))).toBe(false)
  await letAll()
  expect(queue.add('a', 'reads', Buffer.alloc(10))).toBe(true)
  await letAll()
})
