import { once } from 'node:events'
import { connect } from 'node:net'
import pino from 'pino'
import { expect, it } from 'vitest'
import { systemClock } from '../../system-clock.ts'
import { DeviceHost } from '../host.ts'
import { standalone } from './standalone.ts'

function named(name: string) {
  const found = standalone.find((s) => s.name === name)
  if (!found) throw new Error(`no ${name}`)
  return found
}
const device = named('llrp-reader')
const alone = { port: 0, path: '', seed: 'order', trust: [], allowNone: false }

/** A reader that runs alone, and raw bytes to and from it over a real socket. */
async function talk() {
  let port = 0
  const host = new DeviceHost({
    id: 'reader',
    clock: systemClock,
    log: pino({ level: 'silent' }),
    spec: () => device.spec(alone),
    onReady: (ready) => {
      port = ready.port ?? 0
    },
    onState: () => undefined,
    onDown: () => undefined,
  })
  await host.start()
  for (const message of device.first) await host.send(message)
  const socket = connect({ host: '127.0.0.1', port, noDelay: true })
  await once(socket, 'connect')
  const chunks = socket[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  let rest = Buffer.alloc(0)
  const bytes = async (count: number) => {
    while (rest.length < count) {
      const next = await chunks.next()
      if (next.done) throw new Error('the reader hung up')
      rest = Buffer.concat([rest, next.value])
    }
    const taken = rest.subarray(0, count)
    rest = rest.subarray(count)
    return taken
  }
  return {
    say: (hex: string) => socket.write(Buffer.from(hex, 'hex')),
    async next() {
      const head = await bytes(10)
      const body = await bytes(head.readUInt32BE(2) - 10)
      return { type: head.readUInt16BE(0) & 0x3ff, id: head.readUInt32BE(6), body }
    },
    async [Symbol.asyncDispose]() {
      socket.destroy()
      await host.stop()
    },
  }
}

const size = (hex: string) => hex.length / 2
const number = (value: number, digits: number) => value.toString(16).padStart(digits, '0')
const tlv = (type: string, ...parts: string[]) => {
  const body = parts.join('')
  return type + number(4 + size(body), 4) + body
}
const message = (type: string, id: number, ...parts: string[]) => {
  const body = parts.join('')
  return type + number(10 + size(body), 8) + number(id, 8) + body
}

/** Live, antenna 1; hop table 2, power 81 and mode 1000 of this reader; session 0; a report for each tag. */
const rospec = tlv(
  '00B1',
  '00000001' + '00' + '00',
  tlv('00B2', tlv('00B3', '01'), tlv('00B6', '00' + '00000000')),
  tlv(
    '00B7',
    '0001' + '0001',
    tlv('00B8', '00' + '00000000'),
    tlv(
      '00BA',
      '0001' + '01',
      tlv(
        '00DE',
        '0001',
        tlv('00E0', '0002' + '0001' + '0051'),
        tlv('014A', '00', tlv('014F', '03E8' + '0000'), tlv('0150', '00' + '0004' + '00000000')),
      ),
    ),
  ),
  tlv('00ED', '01' + '0001', tlv('00EE', '1F80', tlv('015C', '40'))),
)
const noHold = tlv('00E2', '00')
const keepaliveEachMinute = tlv('00DC', '01' + '0000EA60')
const roSpecEvents = tlv('00F4', tlv('00F5', '0002' + '80'))

it('sllurp’s order of starting works: 1, 2, then 64 and 3 in one segment, then 41, 21, 20, 24', async () => {
  await using reader = await talk()
  const answer = async (type: number, id: number) => {
    let got = await reader.next()
    // The ROSpec may begin before its answer is written.
    while (got.type === 63) got = await reader.next()
    expect(got).toMatchObject({ type, id })
    expect(got.body.subarray(0, 6).toString('hex')).toBe('011f00080000')
  }
  expect(await reader.next()).toMatchObject({ type: 63 })
  reader.say(message('0401', 1, '00'))
  await answer(11, 1)
  reader.say(message('0402', 2, '0000' + '00' + '0000' + '0000'))
  await answer(12, 2)
  const config = message('0403', 4, '00', roSpecEvents, keepaliveEachMinute, noHold)
  reader.say(message('0440', 3) + config)
  await answer(13, 4)
  reader.say(message('0429', 5, '00000000'))
  await answer(51, 5)
  reader.say(message('0415', 6, '00000000'))
  await answer(31, 6)
  reader.say(message('0414', 7, rospec))
  await answer(30, 7)
  reader.say(message('0418', 8, '00000001'))
  await answer(34, 8)
  let report = await reader.next()
  while (report.type === 63) report = await reader.next()
  expect(report.type).toBe(61)
  // EPC-96 (TV 13) first, of one of the four test tags.
  expect(report.body.subarray(4, 16).toString('hex')).toMatch(/^8d3400000000000000000000/)
})
