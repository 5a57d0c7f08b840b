import type { Facets } from '@lantai/contracts'
import type { DriverEvent } from '@lantai/gateway'
import { expect, test } from 'vitest'
import { type KeptItem, keptItem, unkept } from './kept.ts'

const device = 'd'
const none: Facets = {}
const desk: Facets = { reader: { role: 'desk' } as never }
const epc = 'E200000000000000'

let seq = 0n
const item = (type: string, data: Record<string, unknown>): KeptItem => ({
  seq: ++seq,
  type: `lantai.${type}.v1`,
  data,
})
const items = (...list: [type: string, data: Record<string, unknown>][]) => {
  seq = 0n
  return list.map(([type, data]) => item(type, data))
}
const hole: DriverEvent = {
  kind: 'hole',
  device,
  reason: 'observation-hole',
  fromMs: 0,
  toMs: 1000,
}
const gap = {
  lane: 'reads',
  count: 0,
  from: '1970-01-01T00:00:00.000Z',
  to: '1970-01-01T00:00:01.000Z',
  reason: 'observation-hole',
  device,
}
const reads = (count: number): DriverEvent => ({
  kind: 'tags',
  device,
  reads: [{ epc, antenna: 1, count }],
})
const sighting = (count: number, departed = false) => ({
  reader: device,
  epc,
  count,
  first: `${count}`,
  ...(departed ? { departed } : {}),
})

test('an item of the wire is read with its number as a number', () => {
  expect(keptItem('{"seq":"9007199254740993","prev":"0","type":"t","data":{"a":1}}')).toEqual({
    seq: 9007199254740993n,
    type: 't',
    data: { a: 1 },
  })
})

test('blind time is kept once: not lost, not twice, not another', () => {
  expect(unkept([hole], items(['gap', gap]), none)).toEqual([])
  expect(unkept([hole], [], none)).toHaveLength(1)
  expect(unkept([hole], items(['gap', gap], ['gap', gap]), none)).toHaveLength(1)
  expect(unkept([hole], items(['gap', { ...gap, to: gap.from }]), none)).toHaveLength(2)
})

test('a hole in the numbers and a loss that the store states are found', () => {
  const two = items(['gap', gap], ['gap', gap])
  expect(unkept([hole], two.slice(1), none).join()).toMatch(/number 2 follows a hole/)
  const lost = items(['gap', { ...gap, reason: 'quota', count: 7 }])
  expect(unkept([], lost, none)).toEqual(['the store lost 7 of reads: quota'])
})

test('every single reading is kept as often as it was told', () => {
  const event: DriverEvent = { kind: 'readings', device, sensor: 's', values: { temperature: 20 } }
  const row = (n: number) => ({
    sensors: ['s'],
    quantities: ['temperature', 'humidity'],
    rows: Array.from({ length: n }, () => [0, 0, 20, 0]),
  })
  expect(unkept([event, event], items(['readings', row(2)]), none)).toEqual([])
  expect(unkept([event, event], items(['readings', row(1)]), none)).toHaveLength(1)
  expect(unkept([event], items(['readings', row(2)]), none)).toHaveLength(1)
})

test('a tag is sighted, its reads are counted once, and a goodbye counts one at most', () => {
  const kept = (...s: object[]) =>
    items(...s.map((x) => ['sighting', x] as [string, Record<string, unknown>]))
  expect(unkept([reads(1), reads(2)], kept(sighting(1), sighting(2, true)), desk)).toEqual([])
  expect(unkept([reads(1)], kept(sighting(1), { ...sighting(1, true), first: 'x' }), desk)).toEqual(
    [],
  )
  expect(unkept([reads(1), reads(5)], kept(sighting(1)), desk), 'it still lies there').toEqual([])
  expect(unkept([reads(1)], [], desk)).toHaveLength(1)
  expect(unkept([reads(9)], kept(sighting(2, true)), desk)).toHaveLength(1)
  expect(unkept([reads(1)], kept(sighting(3)), desk)).toHaveLength(1)
  expect(unkept([reads(2)], kept(sighting(1), sighting(1)), desk).join()).toMatch(/kept twice/)
  expect(unkept([], kept(sighting(1)), desk)).toHaveLength(1)
})

test('health and contacts went through the same states in the same order', () => {
  const health = (state: 'online' | 'offline'): DriverEvent => ({
    kind: 'health',
    device,
    state,
    detail: null,
    firmware: null,
    badFrames: 0,
  })
  const told = [health('online'), health('online'), health('offline'), health('online')]
  const kept = (...states: string[]) =>
    items(...states.map((state) => ['device', { state }] as [string, Record<string, unknown>]))
  expect(unkept(told, kept('online', 'offline', 'online'), none)).toEqual([])
  expect(unkept(told, kept('online', 'online'), none)).toHaveLength(1)
  const water: Facets = { contacts: [{ id: 'w', label: 'w', room: 'r', means: 'water' }] }
  const contact = (state: 'active' | 'clear' | 'unknown'): DriverEvent => ({
    kind: 'contact',
    device,
    input: 'w',
    state,
  })
  const said = [contact('clear'), contact('active'), contact('unknown'), contact('active')]
  const condition = (active: boolean): [string, Record<string, unknown>] => [
    'condition',
    { key: 'water:w', active, latched: false },
  ]
  expect(unkept(said, items(condition(true)), water)).toEqual([])
  expect(unkept(said, [], water)).toHaveLength(1)
  expect(unkept(said, items(condition(true), condition(false)), water)).toHaveLength(1)
})

test('a fire that was told has latched, and none latched that was not told', () => {
  const facets: Facets = { contacts: [{ id: 'f', label: 'f', room: 'r', means: 'fire' }] }
  const fire: DriverEvent = { kind: 'contact', device, input: 'f', state: 'active' }
  const condition = items(['condition', { key: 'fire:f', active: true, latched: true }])
  expect(unkept([fire], condition, facets)).toEqual([])
  expect(unkept([fire], [], facets)).toHaveLength(1)
  expect(unkept([], condition, facets)).toHaveLength(1)
})
