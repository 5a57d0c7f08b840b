import { describe, expect, it } from 'vitest'
import { stackEn } from '../locales/en.ts'
import { stackZh } from '../locales/zh-cn.ts'
import { reasonParts } from './reason.ts'

const keys = (reason: string) => reasonParts(reason).map((p) => p.key ?? p.text)
const at = (texts: object, key: string): unknown =>
  key.split('.').reduce<unknown>((o, k) => (o as Record<string, unknown>)?.[k], texts)

/** What else the interlock of a gateway and its trials may answer. */
const ofTheGateway = [
  'nonce unknown',
  'no expiry',
  'expiry too far away',
  'expired',
  'issued in the future',
  'role may not request motion',
  'role may not forbid motion',
  'role may not lock a column',
  'role may not release',
  'role may not clear a forbid',
  'role may not commission',
  'role of the second person may not clear a forbid',
  'no reason given',
  'needs a second person',
  'aisle unknown',
  'column unknown',
  'bank unknown',
  'motion unknown',
  'link active',
  'link lost',
  'the bank is moving',
  'not inhibited by a restart',
  'motion is not forbidden',
  'nothing is latched',
  'no permit',
  'inhibited: commissioning',
  'commissioning trial',
  'side polarity not commissioned',
  'side polarity not set',
  'side polarity is set to higher, but lower was proven',
  'this bank has no side polarity',
  'missing inputs not accepted: eStop, obstacle, occupied, door, manual, night, power',
  'the first aisle has none across its column: choose another',
  'controller never reports motion',
  'controller reports still',
  'controller reports moving',
  'controller reports in place',
  'controller reports aisle 3 in place',
  'controller reports column 4 locked',
  'controller reports column 4 not locked',
  'controller reports no forbid',
  'controller still reports forbid',
  'cleared at the gateway; the controller still reports forbid',
  'cleared at the gateway; the controller has no forbid',
  'latched at the gateway',
  'released; nothing was moved',
  'in place already; nothing was asked',
  'moved at the shelf',
  'occupied at motion',
  'the store of latches was damaged',
]

describe('why a request was refused, in the words of the screen', () => {
  it('knows inputs, inhibitions and the phrases of the gateway', () => {
    expect(keys('obstacle active')).toEqual(['interlock.active.obstacle'])
    expect(keys('fire unknown')).toEqual(['interlock.unknown.fire'])
    expect(keys('link not heard of for too long')).toEqual(['interlock.unknown.link'])
    expect(keys('inhibited: boot')).toEqual(['inhibition.boot'])
    expect(keys('boot')).toEqual(['inhibition.boot'])
    expect(keys('obstacle active, fire unknown')).toEqual([
      'interlock.active.obstacle',
      'interlock.unknown.fire',
    ])
    expect(keys('stopped on the way: obstacle active')).toEqual([
      'reason.stopped',
      'interlock.active.obstacle',
    ])
  })
  it('names the column and the inputs that a reason names', () => {
    expect(reasonParts('controller reports column 4 not locked')).toEqual([
      {
        key: 'reason.reportsUnlocked',
        text: 'controller reports column 4 not locked',
        values: { column: '4' },
      },
    ])
    expect(keys('missing inputs not accepted: eStop, door')).toEqual([
      'reason.missing',
      'interlock.notProvided.eStop',
      'interlock.notProvided.door',
    ])
  })
  it('shows what it does not know as it is', () => {
    expect(keys('检修，勿动')).toEqual(['检修，勿动'])
  })
  it('has a text in both languages for every key', () => {
    const all = [
      'controller refused',
      'controller cannot do this',
      'link lost in motion',
      'link to the gateway lost',
      'did not arrive in time',
      'no motion seen',
      'no status after the request',
      'no answer from the gateway',
      'no end was reported',
      'gateway restarted',
      'no second person approved in time',
      'not permitted by the gateway',
      'store is full',
      'too late, or a stop came first; nothing was sent',
      'stop requested before it began',
      'forbid requested before it began',
      'nonce too old',
      'another motion of this bank is under way',
      'state changed since it was seen',
      'the gateway has not reported in the last two seconds',
      'stopped on the way: no input says why',
      ...ofTheGateway,
      'inhibited: storage',
      'eStop active',
    ].flatMap(reasonParts)
    for (const { key } of all) {
      expect(at(stackZh, key ?? '')).toBeTypeOf('string')
      expect(at(stackEn, key ?? '')).toBeTypeOf('string')
    }
  })
})
