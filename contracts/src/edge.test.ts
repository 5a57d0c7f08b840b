import { Value } from 'typebox/value'
import { expect, test } from 'vitest'
import { Batch, facts, lanes, parseTopic, serverTopics, topics } from './edge.ts'
import * as api from './http/index.ts'
import { liveRooms } from './live.ts'
import type { Route } from './route.ts'

const routes = Object.values(api)
  .flatMap((feature) => Object.values(feature))
  .filter((r): r is Route => typeof r === 'object' && r !== null && 'method' in r)

const example = {
  specversion: '1.0',
  id: '01JD0000',
  source: 'lantai:demo/gw-01',
  type: 'lantai.batch.v1',
  subject: 'custody',
  time: '2026-11-22T06:03:11.482Z',
  datacontenttype: 'application/json',
  dataschema: 'urn:lantai:batch:1',
  data: {
    epoch: '3f0c6f0e-6b7e-4a52-9f5e-0c1d2e3f4a5b',
    lane: 'custody',
    items: [
      {
        seq: '18446744073709551615',
        prev: '0',
        type: 'lantai.passage.v1',
        subject: 'door-1',
        time: '2026-11-22T06:03:11.119Z',
        boot: '3f0c6f0e-6b7e-4a52-9f5e-0c1d2e3f4a5c',
        mono: 812345678901,
        clock: 'synced',
        data: { gate: 'door-1', epc: '3034257BF7194E4000001A85', direction: 'out' },
      },
    ],
  },
}

test('the documented batch is valid; an unknown field, a number as seq or an empty batch is not', () => {
  expect(Value.Check(Batch, example)).toBe(true)
  expect(Value.Check(facts['lantai.passage.v1'].body, example.data.items[0]?.data)).toBe(true)
  expect(Value.Check(Batch, { ...example, extra: 1 })).toBe(false)
  const item = { ...example.data.items[0], seq: 90421 }
  expect(Value.Check(Batch, { ...example, data: { ...example.data, items: [item] } })).toBe(false)
  expect(Value.Check(Batch, { ...example, data: { ...example.data, items: [] } })).toBe(false)
})

test('every fact belongs to one lane', () => {
  for (const fact of Object.values(facts)) expect(lanes).toContain(fact.lane)
})

test('a gateway may only speak and hear under its own prefix', () => {
  const t = topics('demo', 'gw-01')
  for (const topic of [...t.mayPublish, ...t.maySubscribe])
    expect(topic.startsWith('lantai/v1/demo/gw-01/')).toBe(true)
  expect(parseTopic(t.up('alarm'))).toEqual({
    site: 'demo',
    gateway: 'gw-01',
    rest: ['up', 'alarm'],
  })
  expect(parseTopic('lantai/v1/demo')).toBeNull()
  expect(serverTopics('demo')).toContain('lantai/v1/demo/+/up/+')
})

test('every route and every live room names who may use it, and no route is described twice', () => {
  expect(routes.length).toBeGreaterThan(30)
  for (const r of [...routes, ...Object.values(liveRooms)]) expect(r.access?.who).toBeTruthy()
  const keys = routes.map((r) => `${r.method} ${r.path}`)
  expect(new Set(keys).size).toBe(keys.length)
})
