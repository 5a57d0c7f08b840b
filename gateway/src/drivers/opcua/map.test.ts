import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { OpcUaShelving } from '../opcua-shelving/kind.ts'
import { observe, type Values } from '../opcua-shelving/observe.ts'
import { fill, loadMap, parseMap, pointValue } from './map.ts'

const map = loadMap('bank-opcua')
const device: OpcUaShelving = {
  id: 'shelf-b1',
  label: '一组',
  driver: 'opcua-shelving',
  server: { endpoint: 'opc.tcp://127.0.0.1:4840' },
  map: 'bank-opcua',
  at: 'Bank1',
  everyMs: 250,
  bank: 'B1',
  room: 'R1',
  columns: [11, 12],
  notProvided: [],
}
const well: Values = new Map<string, unknown>([
  ...['moving', 'ventilating', 'eStop', 'obstacle', 'occupied'].map((k) => [k, false] as const),
  ...['forbid', 'manual', 'night', 'controllerFault'].map((k) => [k, false] as const),
  ['power', true],
  ['openAisle', 11],
  ['faultCode', 0],
  ['columnCount', 2],
  ['uptime', 60],
  ['xMm', [0, 900.5]],
  ['locked', [false, true]],
])
const seed = 4840

test('a node of the map is named by its namespace, its bank and its column', () => {
  const node = (key: string) => map.points.find((p) => p.key === key)?.node ?? ''
  expect(fill(map, node('moving'), 'Bank1')).toBe('nsu=urn:lantai:shelving;s=Bank1.Moving')
  expect(fill(map, node('xMm'), 'B/2', 7)).toBe('nsu=urn:lantai:shelving;s=B/2.Column7.Position')
  expect(fill(map, 'nsu=urn:other;i=5', 'B')).toBe('nsu=urn:other;i=5')
})

test('S6: what the controller said is observed, and nothing else', () => {
  const { observed, inputs, uptimeS } = observe(device, map, well)
  expect(observed).toMatchObject({ mode: 'auto', motion: 'still', openAisle: 11, faults: [] })
  expect(observed.columns).toEqual([
    { column: 11, xMm: 0, locked: false },
    { column: 12, xMm: 900.5, locked: true },
  ])
  expect(inputs).toMatchObject({ link: 'clear', eStop: 'clear', power: 'clear' })
  expect(uptimeS).toBe(60)
})

test('S1: a value that its server does not vouch for is unknown, whichever it is', () => {
  fc.assert(
    fc.property(fc.subarray([...well.keys()], { minLength: 1 }), (keys) => {
      const { observed, inputs } = observe(
        device,
        map,
        new Map([...well, ...keys.map((k) => [k, null] as const)]),
      )
      for (const key of [
        'eStop',
        'obstacle',
        'occupied',
        'forbid',
        'manual',
        'night',
        'power',
      ] as const)
        expect(inputs[key]).toBe(keys.includes(key) ? 'unknown' : 'clear')
      expect(observed.motion).toBe(keys.includes('moving') ? 'unknown' : 'still')
      expect(observed.openAisle).toBe(keys.includes('openAisle') ? null : 11)
    }),
    { seed },
  )
})

test('another bank than ours is not shown, and may not move', () => {
  const { observed, inputs } = observe(device, map, new Map([...well, ['columnCount', 3]]))
  expect(inputs.controllerFault).toBe('unknown')
  expect(observed.columns.every((c) => c.xMm === null)).toBe(true)
  expect(observed.faults).toEqual(['controller has 3 columns, not 2'])
})

test('bits, polarity, scale and limits of a point', () => {
  expect(pointValue({ bit: 3 }, 0b1000)).toBe(1)
  expect(pointValue({ bit: 31 }, 0x8000_0000)).toBe(1)
  expect(pointValue({ bit: 0, activeLow: true }, 1)).toBe(0)
  expect(pointValue({ activeLow: true }, false)).toBe(1)
  expect(pointValue({ scale: 0.1 }, 215)).toBe(21.5)
  expect(pointValue({ plausible: [0, 100] }, 100.1)).toBeNull()
  for (const raw of [null, undefined, 'on', Number.NaN, Number.POSITIVE_INFINITY, [1]])
    expect(pointValue({}, raw)).toBeNull()
  expect(pointValue({ bit: 0 }, true)).toBeNull()
})

test('a map that contradicts itself is refused with the reason', () => {
  const base = 'id: x\ntitle: t\nsource: s\nnamespace: urn:x\n'
  const point = '  - { key: moving, node: s=M }\n'
  expect(() => parseMap(`${base}points:\n${point}${point}`, 'x')).toThrow('moving twice')
  const open = 'verbs: { open: { object: s=O, method: s=M } }'
  expect(() => parseMap(`${base}points:\n${point}${open}`, 'x')).toThrow('which aisle')
  const lock = 'verbs: { lock: { write: s=L, type: Boolean, value: true } }'
  expect(() => parseMap(`${base}points:\n${point}${lock}`, 'x')).toThrow('which column')
  expect(() => parseMap(`${base}points: []`, 'x')).toThrow('/points')
  expect(() => loadMap('../secrets')).toThrow('no map name')
})
