import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { addressesOf, LlrpLook, rtuAnswer, rtuQuestion, tcpAnswer, unitsOf } from './discover.ts'

const hex = (text: string) => Uint8Array.from(Buffer.from(text, 'hex'))
const vectors = JSON.parse(
  readFileSync(new URL('../../../contracts/vectors/llrp.json', import.meta.url), 'utf8'),
) as { messages: { name: string; hex: string; message: { name: string } }[] }
const llrp = (name: string) => hex(vectors.messages.find((m) => m.name === name)?.hex ?? '')

test('a range is listed without network and broadcast address, and never beyond a /22', () => {
  expect(addressesOf('192.168.1.16/29')).toEqual(
    [17, 18, 19, 20, 21, 22].map((n) => `192.168.1.${n}`),
  )
  expect(addressesOf('192.168.1.7')).toEqual(['192.168.1.7'])
  expect(addressesOf('10.0.0.254-10.0.1.1')).toEqual([
    '10.0.0.254',
    '10.0.0.255',
    '10.0.1.0',
    '10.0.1.1',
  ])
  expect(addressesOf('10.1.0.0/22')).toHaveLength(1022)
  expect(addressesOf('10.1.0.0/21')).toMatch(/more than a \/22/)
  expect(addressesOf('10.1.0.0-10.1.255.255')).toMatch(/more than a \/22/)
  for (const wrong of [
    '',
    '10.0.0',
    '10.0.0.0/33',
    '10.0.0.0/',
    'reader.local',
    '10.0.0.9-10.0.0.1',
  ])
    expect(addressesOf(wrong)).toBeTypeOf('string')
})

test('units are listed once; 0 is a broadcast and is refused', () => {
  expect(unitsOf('1-3,2,247')).toEqual([1, 2, 3, 247])
  for (const wrong of ['0', '0-3', '3-1', '256', '', 'a', '1--2'])
    expect(unitsOf(wrong)).toBeTypeOf('string')
})

test('FC43: identity, an exception, and what is another unit or broken', () => {
  expect(Buffer.from(rtuQuestion(1, hex('2b0e0100'))).toString('hex')).toBe('012b0e01007077')
  // Objects 0 and 1 of a device identification, the CRC by the rule of the specification.
  const answer = rtuQuestion(7, hex('2b0e01010000020002414201024344'))
  const found = { unit: 7, fc: 0x2b, exception: null, vendor: 'AB', product: 'CD' }
  expect(rtuAnswer(7, 0x2b, answer)).toEqual(found)
  expect(rtuAnswer(8, 0x2b, answer)).toBeNull()
  expect(rtuAnswer(7, 3, answer)).toBeNull()
  expect(
    rtuAnswer(
      7,
      0x2b,
      answer.map((b, i) => (i === 4 ? b ^ 1 : b)),
    ),
  ).toBeNull()
  expect(rtuAnswer(7, 0x2b, rtuQuestion(7, hex('ab01')))).toEqual({
    unit: 7,
    fc: 0x2b,
    exception: 1,
  })
})

test('a gateway that says nobody answers behind it has found nobody', () => {
  expect(tcpAnswer(5, 1, 3, hex('00010000000305830B'))).toBeNull()
  expect(tcpAnswer(5, 1, 3, hex('000100000003058302'))).toEqual({ unit: 5, fc: 3, exception: 2 })
  expect(tcpAnswer(5, 2, 3, hex('000100000003058302'))).toBeNull()
})

test('a reader is asked what it is and left again; one that is held is not disturbed', () => {
  const free = new LlrpLook()
  expect(free.hear(llrp('connection accepted'))).toHaveLength(1)
  expect(free.found).toBeNull()
  const held = new LlrpLook()
  expect(held.hear(llrp('held by another client'))).toEqual([])
  expect(held.found).toEqual({ state: 'held' })
})

test('any bytes are borne', () => {
  const bytes = fc.uint8Array({ maxLength: 300 })
  fc.assert(
    fc.property(bytes, (b) => {
      rtuAnswer(1, 0x2b, b)
      tcpAnswer(1, 1, 0x2b, b)
      new LlrpLook().hear(b)
      addressesOf(Buffer.from(b).toString('latin1'))
      unitsOf(Buffer.from(b).toString('latin1'))
    }),
    { seed: 1, numRuns: 500 },
  )
})
