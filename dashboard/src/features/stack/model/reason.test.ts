import { describe, expect, it } from 'vitest'
import { stackEn } from '../locales/en.ts'
import { stackZh } from '../locales/zh-cn.ts'
import { reasonParts } from './reason.ts'

const keys = (reason: string) => reasonParts(reason).map((p) => p.key ?? p.text)
const at = (texts: object, key: string): unknown =>
  key.split('.').reduce<unknown>((o, k) => (o as Record<string, unknown>)?.[k], texts)

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
      'inhibited: storage',
      'eStop active',
    ].flatMap(reasonParts)
    for (const { key } of all) {
      expect(at(stackZh, key ?? '')).toBeTypeOf('string')
      expect(at(stackEn, key ?? '')).toBeTypeOf('string')
    }
  })
})
