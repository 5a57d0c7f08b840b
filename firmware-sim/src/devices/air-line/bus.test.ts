import { VirtualClock } from '@lantai/contracts'
import { describe, expect, it } from 'vitest'
import { Rng } from '../../world/rng.ts'
import { Bus } from './bus.ts'
import { airUnit, crc16, openFrame, type Transmitter, withCrc } from './rtu.ts'

const transmitter = (unit: number): Transmitter => ({
  unit,
  temperature: 21.5,
  humidity: 52.3,
  temperatureOffset: 0,
  humidityOffset: 0,
})

function line() {
  const clock = new VirtualClock()
  const written: { at: number; bytes: Buffer }[] = []
  const units = [1, 2, 3].map(transmitter)
  const bus = new Bus({
    baud: 9600,
    clock,
    rng: new Rng('bus'),
    units: units.map(airUnit),
    write: (bytes) => written.push({ at: clock.mono(), bytes }),
  })
  const ask = (hex: string) => {
    written.length = 0
    bus.receive(Buffer.from(hex, 'hex'))
    clock.advance(300)
    return Buffer.concat(written.map((w) => w.bytes)).toString('hex')
  }
  return { clock, bus, units, written, ask }
}
const read = (unit: number) => withCrc([unit, 4, 0, 1, 0, 2]).toString('hex')

describe('the RS-485 line', () => {
  it('answers the golden exchange of the design', () => {
    expect(read(1)).toBe('010400010002200b')
    expect(line().ask('010400010002200b')).toBe('01040400d7020b0b1b')
  })

  it('paces each byte at 9600 baud after turnaround and silence', () => {
    const { ask, written } = line()
    ask(read(2))
    const byteMs = 10 / 9.6
    expect(written).toHaveLength(9)
    expect(written[0]?.at).toBeCloseTo(8 * byteMs + 3.5 * byteMs + 12 + byteMs, 1)
    written.forEach((w, i) => {
      expect(w.at - (written[0]?.at ?? 0)).toBeCloseTo(i * byteMs, 1)
    })
  })

  it('is silent for other units, broken frames and broadcasts', () => {
    const { ask, bus } = line()
    expect(ask(read(9))).toBe('')
    expect(ask('010400010002200c')).toBe('')
    expect(ask('0104')).toBe('')
    expect(ask(withCrc([0, 4, 0, 1, 0, 2]).toString('hex'))).toBe('')
    expect(bus.badFrames).toBe(2)
    expect(ask(read(3))).not.toBe('')
  })

  it('takes a request that comes in pieces, and finds its way back after noise', () => {
    const { clock, bus, written, ask } = line()
    bus.receive(Buffer.from('0104', 'hex'))
    clock.advance(2)
    bus.receive(Buffer.from('00010002200b', 'hex'))
    clock.advance(100)
    expect(Buffer.concat(written.map((w) => w.bytes)).toString('hex')).toBe('01040400d7020b0b1b')
    expect(ask(`ffee${read(1)}`)).toBe('')
    expect(ask(read(1))).toBe('01040400d7020b0b1b')
  })

  it('refuses unknown functions and addresses with exceptions', () => {
    const { ask } = line()
    expect(ask(withCrc([1, 5, 0, 1, 0xff, 0]).toString('hex'))).toMatch(/^018501/)
    expect(ask(withCrc([1, 4, 0, 2, 0, 2]).toString('hex'))).toMatch(/^018402/)
    expect(ask(withCrc([1, 3, 1, 1, 0, 1]).toString('hex'))).toMatch(/^0103020001/)
  })

  it('carries below zero as two’s complement, with its offset', () => {
    const { ask, units } = line()
    ;(units[0] as Transmitter).temperature = -4.2
    expect(ask(read(1))).toMatch(/^010404ffd6/)
    expect(ask(withCrc([1, 6, 1, 3, 0, 2]).toString('hex'))).toMatch(/^010601030002/)
    expect(ask(read(1))).toMatch(/^010404ffd8/)
  })

  it.each(['drop', 'badCrc', 'wrongUnit', 'half', 'garbage'] as const)(
    'plays the fault %s once',
    (fault) => {
      const { ask, bus } = line()
      bus.addFault({ fault, unit: 1, times: 1 })
      expect(ask(read(2))).toMatch(/^0204/)
      const spoilt = ask(read(1))
      const frame = openFrame(Buffer.from(spoilt, 'hex'))
      expect(frame?.unit === 1).toBe(false)
      expect(ask(read(1))).toBe('01040400d7020b0b1b')
    },
  )

  it('answers late: after the master has given up and asked another', () => {
    const { ask, bus, clock, written } = line()
    bus.addFault({ fault: 'late', times: 1 })
    expect(ask(read(1))).toBe('')
    clock.advance(600)
    written.length = 0
    clock.advance(100)
    expect(Buffer.concat(written.map((w) => w.bytes)).toString('hex')).toBe('01040400d7020b0b1b')
  })

  it('stays silent for one unit until it is healed', () => {
    const { ask, bus } = line()
    bus.addFault({ fault: 'drop', unit: 2 })
    for (let i = 0; i < 5; i++) expect(ask(read(2))).toBe('')
    expect(ask(read(1))).not.toBe('')
    bus.heal()
    expect(ask(read(2))).not.toBe('')
  })

  it('has the CRC of the specification', () => {
    expect(crc16(Uint8Array.from([0x02, 0x07]))).toBe(0x1241)
  })
})
