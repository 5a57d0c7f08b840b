import { canaryTopic, serverTopics, topics } from '@lantai/contracts'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { mayConnect, mayPublish, maySubscribe } from './acl.ts'

const own = topics('demo', 'gw-01')
const other = topics('demo', 'gw-02')
const say = (identity: string, topic: string, more: { retain?: boolean; bytes?: number } = {}) =>
  mayPublish('demo', identity, { topic, retain: false, bytes: 100, ...more })

describe('a gateway', () => {
  test.each([own.up('alarm'), own.state, own.tick, own.live, own.res('c1'), own.witnessed])(
    'may publish %s',
    (topic) => expect(say('gw-01', topic)).toBe(true),
  )
  test.each([own.ack, own.cmd('c1'), own.roster, other.up('alarm'), other.state, 'other/topic'])(
    'may not publish %s',
    (topic) => expect(say('gw-01', topic)).toBe(false),
  )
  test('may retain its birth and nothing else', () => {
    expect(say('gw-01', own.state, { retain: true })).toBe(true)
    expect(say('gw-01', own.tick, { retain: true })).toBe(false)
  })
  test('may not send more than a batch', () =>
    expect(say('gw-01', own.up('reads'), { bytes: 1_000_000 })).toBe(false))
  test.each(own.maySubscribe)('may subscribe to %s', (filter) =>
    expect(maySubscribe('demo', 'gw-01', filter)).toBe(true),
  )
  test.each([
    '#',
    '+/+/+/+/+',
    'lantai/v1/demo/+/ack',
    'lantai/v1/demo/gw-01/#',
    other.ack,
    own.tick,
  ])('may not subscribe to %s', (filter) =>
    expect(maySubscribe('demo', 'gw-01', filter)).toBe(false),
  )
})

describe('the server', () => {
  test.each([own.ack, own.cmd('c1'), other.roster])('may publish %s', (topic) =>
    expect(say('server', topic)).toBe(true),
  )
  test('S5: a command is never retained', () =>
    expect(say('server', own.cmd('c1'), { retain: true })).toBe(false))
  test('may not speak for a gateway', () => expect(say('server', own.state)).toBe(false))
  test('may subscribe to what gateways say, of its own site only', () => {
    for (const t of serverTopics('demo')) expect(maySubscribe('demo', 'server', t)).toBe(true)
    for (const t of serverTopics('other')) expect(maySubscribe('demo', 'server', t)).toBe(false)
  })
})

test('the observer may listen to ticks and births and say nothing', () => {
  expect(maySubscribe('demo', 'observer', 'lantai/v1/demo/+/tick')).toBe(true)
  expect(maySubscribe('demo', 'observer', 'lantai/v1/demo/+/up/+')).toBe(false)
  expect(say('observer', own.tick)).toBe(false)
})

test('a client id belongs to the certificate of its name; only the server may have several', () => {
  expect(mayConnect('gw-01', 'gw-01')).toBe(true)
  expect(mayConnect('gw-01', 'gw-02')).toBe(false)
  expect(mayConnect('gw-01', 'gw-01-b')).toBe(false)
  expect(mayConnect('server', 'server-2')).toBe(true)
  expect(mayConnect('server', 'gw-01')).toBe(false)
})

test('D19 the canary is the server’s own: nobody else says or hears it', () => {
  const canary = canaryTopic('demo')
  expect(say('server', canary)).toBe(true)
  expect(say('server', canary, { retain: true })).toBe(false)
  expect(maySubscribe('demo', 'server', canary)).toBe(true)
  for (const other of ['gw-01', 'observer']) {
    expect(say(other, canary)).toBe(false)
    expect(maySubscribe('demo', other, canary)).toBe(false)
  }
})

test('S9 default deny: whatever the topic, a gateway reaches nothing outside its own prefix', () => {
  const word = fc.constantFrom(
    'lantai',
    'v1',
    'demo',
    'gw-01',
    'gw-02',
    'up',
    '+',
    '#',
    'state',
    '',
  )
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), (parts) => {
      const topic = parts.join('/')
      const outside = !topic.startsWith('lantai/v1/demo/gw-01/')
      if (outside) {
        expect(say('gw-01', topic)).toBe(false)
        expect(maySubscribe('demo', 'gw-01', topic)).toBe(false)
      }
    }),
    { numRuns: 2_000 },
  )
})
