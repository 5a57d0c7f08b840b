import { expect, test } from 'vitest'
import { MessageHeads } from './message-heads.ts'

const heads = () => {
  const said: string[] = []
  const messages = new MessageHeads((text) => said.push(text))
  return {
    said,
    take: (topic: string, payload: string | Uint8Array, retained = false) =>
      messages.take(topic, typeof payload === 'string' ? Buffer.from(payload) : payload, retained),
  }
}

test('the first two of a topic are told, on one line, retained ones as such', () => {
  const { said, take } = heads()
  take('a/b', '{"epc":\n"34"}')
  take('a/b', 'x', true)
  take('a/b', 'y')
  expect(said).toEqual(['a/b (13 bytes): {"epc": "34"}', 'a/b (1 bytes, retained): x'])
})

test('a long one is cut, what is no text is hex, and no more than twelve topics are told', () => {
  const { said, take } = heads()
  take('long', '库'.repeat(300))
  expect(said[0]).toMatch(/^long \(900 bytes\): 库{66}.* …$/)
  take('raw', Uint8Array.of(0xff, 0x00, 0x9c))
  expect(said[1]).toBe('raw (3 bytes): ff009c')
  for (let n = 0; n < 40; n++) take(`t/${n}`, 'x')
  expect(said).toHaveLength(12)
})
