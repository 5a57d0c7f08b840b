import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { impinjJson } from '../impinj-iot/decode.ts'
import { understandImpinj } from '../impinj-iot/frames.ts'
import { zebraJson } from '../zebra-iotc/decode.ts'
import { EventNumbers } from '../zebra-iotc/event-numbers.ts'
import { understandZebra } from '../zebra-iotc/frames.ts'
import { parseState } from '../zigbee2mqtt/frames.ts'
import { type ModelName, modelOf } from '../zigbee2mqtt/models.ts'
import type { Said } from './said.ts'

interface Vector {
  name: string
  hex: string
  text: string
}
interface Vectors {
  impinj: (Vector & { said: Said })[]
  zebra: (Vector & { said: Said })[]
  zigbee2mqtt: (Vector & { model: ModelName; state: unknown })[]
}
const file = new URL('../../../../contracts/vectors/mqtt-json.json', import.meta.url)
const vectors: Vectors = JSON.parse(readFileSync(file, 'utf8'))
const bytes = (v: Vector) => Buffer.from(v.hex, 'hex')

test('the hex of every vector is its text', () => {
  for (const v of [...vectors.impinj, ...vectors.zebra, ...vectors.zigbee2mqtt])
    expect(bytes(v).toString('utf8')).toBe(v.text)
})

describe('impinj', () => {
  test.each(vectors.impinj)('$name', (v) => {
    expect(understandImpinj(bytes(v), 'none')).toEqual(v.said)
  })
  test('with its unit set, the phase is part of the read', () => {
    const v = vectors.impinj.find((i) => i.text.includes('phaseAngle'))
    if (!v) throw new Error('no vector with a phase')
    const [read] = understandImpinj(bytes(v), 'degrees').reads
    expect(read?.phaseRad).toBeCloseTo((33.75 * Math.PI) / 180, 12)
  })
})

describe('zebra', () => {
  test.each(vectors.zebra)('$name', (v) => {
    expect(understandZebra(bytes(v), 'none', new EventNumbers())).toEqual(v.said)
  })
})

describe('zigbee2mqtt', () => {
  test.each(vectors.zigbee2mqtt)('$name', (v) => {
    const state = parseState(bytes(v), modelOf(v.model))
    const plain =
      'bad' in state ? state : { ...state, contacts: Object.fromEntries(state.contacts) }
    expect(plain).toEqual(v.state)
  })
})

test('decode shows every field of a message and what was read in it, at its own offset', () => {
  const text = vectors.zebra[2]?.text ?? ''
  const decoder = zebraJson()
  const lines = [...decoder.push(Buffer.from(`\n${text}\n`)), ...decoder.end()]
  expect(lines).toHaveLength(2)
  for (const [i, line] of lines.entries()) {
    if (!('message' in line)) throw new Error(line.error)
    const element = Buffer.from(`\n${text}\n`).subarray(line.offset, line.offset + line.length)
    const { read, ...message } = line.message
    expect(message).toEqual(JSON.parse(element.toString()))
    expect(message).toMatchObject({ data: { eventNum: i === 0 ? 41 : 79 } })
    expect(read).toMatchObject({ epc: 'E28068940000501EC938B5A1' })
  }
})

test('decode names what it cannot read, by offset and reason, and goes on', () => {
  const good = vectors.impinj[6]?.text ?? ''
  const parts = [
    'hello\n',
    good,
    '\n',
    '{"eventType":"tagInv',
    '\n',
    good,
    '{"a":1}',
    '{"x": tru',
    good,
  ]
  const stream = Buffer.from(parts.join(''))
  const at = (n: number) => Buffer.byteLength(parts.slice(0, n).join(''))
  const decoder = impinjJson()
  const lines = [...decoder.push(stream), ...decoder.end()]
  const brief = lines.map((l) => [l.offset, 'message' in l ? 'message' : l.error])
  expect(brief).toEqual([
    [0, 'not JSON'],
    [at(1), 'message'],
    [at(3), 'not JSON'],
    [at(5), 'message'],
    [at(6), 'JSON of an unknown shape'],
    [at(7), 'not JSON'],
    [at(8), 'message'],
  ])
})
