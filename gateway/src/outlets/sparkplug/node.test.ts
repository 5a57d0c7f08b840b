import { readFileSync } from 'node:fs'
import { type DeviceHealth, VirtualClock } from '@lantai/contracts'
import fc from 'fast-check'
import sparkplug from 'sparkplug-payload'
import { expect, test } from 'vitest'
import { checkDevices } from '../../core/device-file.ts'
import { type Message, SparkplugNode } from './node.ts'
import { encodePayload, namesSetTrue } from './payload.ts'
import { ProtoWriter, readFields } from './protobuf.ts'
import { type DeviceSample, PlantValues, type Sample } from './values.ts'

const oracle = sparkplug.get('spBv1.0')
if (!oracle) throw new Error('no oracle')
const { decodePayload, encodePayload: theirs } = oracle
const names = { group: 'archive', edgeNode: 'gw-01' }
const seed = { seed: 20_261_122 }

/** As the independent decoder reads it; whole numbers of 64 bits as plain ones. */
const read = ({ topic, payload }: Message) => {
  const { metrics, seq } = decodePayload(payload)
  return {
    topic,
    seq: seq === undefined || seq === null ? null : Number(seq),
    metrics: (metrics ?? []).map(({ name, alias, type, value, properties }) => {
      const { Quality, engUnit } = properties ?? {}
      return {
        ...{ name, type, quality: Quality?.value, unit: engUnit?.value },
        alias: alias === undefined || alias === null ? undefined : Number(alias),
        value: type === 'Int64' ? Number(value) : value,
      }
    }),
  }
}
const sample = (value: Sample['value'], quality: Sample['quality'] = 'good'): Sample => ({
  name: 'Air/th-1/Temperature',
  type: 'Double',
  unit: 'Cel',
  value,
  quality,
  at: 1000,
})
const device = (id: string, samples: Sample[], alive = true): DeviceSample => ({
  id,
  alive,
  samples,
})

test('birth: number of the session, rebirth control, then every living device with names, aliases, units', () => {
  const node = new SparkplugNode(names, 7)
  expect(read(node.death(5))).toMatchObject({
    topic: 'spBv1.0/archive/NDEATH/gw-01',
    seq: null,
    metrics: [{ name: 'bdSeq', type: 'Int64', value: 7 }],
  })
  const devices = [device('air-1', [sample(21.5)]), device('air-2', [sample(null)], false)]
  const born = node.birth(devices, 9).map(read)
  expect(born).toHaveLength(2)
  expect(born[0]).toMatchObject({
    topic: 'spBv1.0/archive/NBIRTH/gw-01',
    seq: 0,
    metrics: [
      { name: 'bdSeq', value: 7 },
      { name: 'Node Control/Rebirth', type: 'Boolean', value: false },
    ],
  })
  expect(born[1]).toMatchObject({
    topic: 'spBv1.0/archive/DBIRTH/gw-01/air-1',
    seq: 1,
    metrics: [{ name: 'Air/th-1/Temperature', alias: 1, value: 21.5, quality: 192, unit: 'Cel' }],
  })
})

test('data by alias and only what changed; a value that is not known is null and never the last one', () => {
  const node = new SparkplugNode(names, 0)
  node.birth([device('air-1', [sample(21.5)])], 0)
  expect(node.update([device('air-1', [sample(21.5)])], 1)).toEqual([])
  const [data] = node.update([device('air-1', [sample(null, 'stale')])], 2).map(read)
  expect(data).toMatchObject({ topic: 'spBv1.0/archive/DDATA/gw-01/air-1', seq: 2 })
  expect(data?.metrics).toMatchObject([{ alias: 1, value: null, quality: 500 }])
  expect(data?.metrics[0]?.name ?? '').toBe('')
})

test('devices die, come back and change under their own certificates', () => {
  const node = new SparkplugNode(names, 0)
  node.birth([device('a', [sample(1)])], 0)
  const topics = (devices: DeviceSample[]) =>
    node.update(devices, 1).map((m) => m.topic.split('/')[2])
  expect(topics([device('a', [sample(1)], false)])).toEqual(['DDEATH'])
  expect(topics([device('a', [sample(1)], false)])).toEqual([])
  expect(topics([device('a', [sample(1)])])).toEqual(['DBIRTH'])
  expect(
    topics([device('a', [sample(1), { ...sample(2), name: 'Air/th-2/Temperature' }])]),
  ).toEqual(['DBIRTH'])
  expect(topics([])).toEqual(['DDEATH'])
})

test('the sequence runs from 0 to 255 and round, and a rebirth begins it anew', () => {
  const node = new SparkplugNode(names, 0)
  const [first] = node.birth([], 0).map(read)
  const seqs = Array.from({ length: 300 }, (_, i) =>
    node.update([device('a', [sample(i)])], i).map((m) => read(m).seq),
  ).flat()
  expect([first?.seq, ...seqs]).toEqual(Array.from({ length: 301 }, (_, i) => i % 256))
  expect(node.birth([], 0).map((m) => read(m).seq)).toEqual([0])
})

test('every payload is read by the independent decoder as it was meant', () => {
  const value = fc.oneof(
    fc.record({ type: fc.constant('Double' as const), value: fc.double({ noNaN: true }) }),
    fc.record({ type: fc.constant('Boolean' as const), value: fc.boolean() }),
    fc.record({ type: fc.constant('String' as const), value: fc.string() }),
    fc.record({
      type: fc.constant('Int32' as const),
      value: fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 }),
    }),
  )
  fc.assert(
    fc.property(
      fc.array(value, { maxLength: 8 }),
      fc.integer({ min: 0, max: 255 }),
      (values, seq) => {
        const metrics = values.map((v, i) => ({ ...v, alias: i + 1, timestamp: 1_795_327_200_000 }))
        const said = decodePayload(encodePayload({ timestamp: 1, seq, metrics }))
        expect(Number(said.seq)).toBe(seq)
        expect((said.metrics ?? []).map((m) => m.value)).toEqual(values.map((v) => v.value))
        expect((said.metrics ?? []).map((m) => m.type)).toEqual(values.map((v) => v.type))
      },
    ),
    { ...seed, numRuns: 500 },
  )
})

test('a rebirth request of others is understood, and any bytes are read without a throw', () => {
  const wish = (name: string, on: boolean) =>
    theirs({ timestamp: 1, metrics: [{ name, type: 'Boolean', value: on }] })
  expect(namesSetTrue(wish('Node Control/Rebirth', true))).toEqual(['Node Control/Rebirth'])
  expect(namesSetTrue(wish('Node Control/Rebirth', false))).toEqual([])
  expect(namesSetTrue(wish('Node Control/Reboot', true))).toEqual(['Node Control/Reboot'])
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      expect(() => namesSetTrue(bytes)).not.toThrow()
    }),
    { ...seed, numRuns: 5000 },
  )
  const long = new ProtoWriter().uint(1, 2n ** 64n - 1n).double(3, -0.5).bytes
  expect(readFields(long)?.[0]).toEqual({ field: 1, value: 2n ** 64n - 1n })
})

const list = checkDevices({
  version: 1,
  devices: [
    {
      id: 'contacts-1',
      label: '触点',
      driver: 'modbus-contacts',
      line: { transport: 'tcp', host: '127.0.0.1', port: 502 },
      unit: 1,
      everyMs: 100,
      inputs: [
        { id: 'fire-1', label: '火警', address: 0, means: 'fire', activeLow: true, room: 'R1' },
      ],
    },
  ],
})

test('a value grows stale with its age, is bad before its first word, and a lost device dies', () => {
  if (!list.ok) throw new Error(list.wrong.join())
  const { devices } = list
  const clock = new VirtualClock()
  let state: DeviceHealth['state'] = 'online'
  const health = (): DeviceHealth[] => [
    {
      device: 'contacts-1',
      driver: 'modbus-contacts',
      label: '触点',
      state,
      since: '2026-11-22T06:03:11.482Z',
      detail: null,
      firmware: null,
      badFrames: 0,
    },
  ]
  const values = new PlantValues(() => devices, health, clock)
  const fire = () => values.sample()[0]?.samples.find((s) => s.name === 'Contact/fire-1')
  // As old as real ones are, by a clock of microseconds.
  const say = (report: 'active' | 'clear' | 'unknown') =>
    values.take({ kind: 'contact', device: 'contacts-1', input: 'fire-1', state: report }, 0.9177)
  expect(fire()).toMatchObject({ value: null, quality: 'bad' })
  say('active')
  expect(fire()).toMatchObject({ value: true, quality: 'good' })
  const [message] = new SparkplugNode(names, 1).birth(values.sample(), clock.now()).slice(1)
  if (!message) throw new Error('no birth of the device')
  expect(read(message).metrics).toContainEqual(
    expect.objectContaining({ name: 'Contact/fire-1', value: true }),
  )
  clock.advance(2001)
  expect(fire()).toMatchObject({ value: null, quality: 'stale' })
  say('unknown')
  expect(fire()).toMatchObject({ value: null, quality: 'bad' })
  state = 'offline'
  expect(values.sample()[0]?.alive).toBe(false)
})

interface Vectors {
  commands: { name: string; hex: string; setTrue: string[] }[]
  payloads: { name: string; hex: string }[]
}
const file = new URL('../../../../contracts/vectors/sparkplug.json', import.meta.url)
const vectors = JSON.parse(readFileSync(file, 'utf8')) as Vectors

test.each(vectors.commands)('golden command: $name', ({ hex, setTrue }) => {
  expect(namesSetTrue(Buffer.from(hex, 'hex'))).toEqual(setTrue)
})

test('golden payloads: birth, stale data and death of a session', () => {
  const at = 1_795_327_200_000
  const node = new SparkplugNode(names, 7)
  const born = node.birth([device('air-1', [{ ...sample(21.5), at }])], at)
  const data = node.update([device('air-1', [{ ...sample(null, 'stale'), at }])], at + 250)
  const written = [...born, ...data, node.death(at)].map((m) =>
    Buffer.from(m.payload).toString('hex').toUpperCase(),
  )
  expect(written).toEqual(vectors.payloads.map((v) => v.hex))
})
