import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { type CrcRule, MjjWire } from './wire.ts'

interface Vectors {
  frames: {
    name: string
    type: number
    zone: number
    column: number
    command: number
    data: string
    crc: CrcRule
    hex: string
  }[]
  datagram: { hex: string; commands: number[] }
  bad: { name: string; hex: string }[]
}
const file = new URL('../../../../contracts/vectors/mjj.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors

test.each(vectors.frames)('the device writes and reads the golden frame: $name', (v) => {
  const wire = new MjjWire(v.crc, v.type)
  const { zone, column, command } = v
  const message = { zone, column, command, data: [...Buffer.from(v.data, 'hex')] }
  expect(wire.write(message).toString('hex').toUpperCase()).toBe(v.hex)
  expect(wire.read(Buffer.from(v.hex, 'hex'))).toEqual([message])
})

test.each(vectors.bad)('the device passes over what is no frame: $name', ({ hex }) => {
  const [first] = vectors.frames
  if (!first) throw new Error('no vectors')
  expect(new MjjWire(first.crc, 1).read(Buffer.from(hex, 'hex'))).toEqual([])
})
