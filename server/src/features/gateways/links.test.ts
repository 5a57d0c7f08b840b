import { seconds, type Tick, VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { GatewayLinks } from './links.ts'

const tick = { nonce: 'n' } as Tick

test('when a gateway was last heard outlives its silence and the death of its link', () => {
  const clock = new VirtualClock()
  const links = new GatewayLinks(clock)
  expect(links.heardAgo('gw-01')).toBeNull()
  links.take('gw-01', tick)
  clock.advance(seconds(9))
  expect(links.fresh('gw-01')).toBeNull()
  expect(links.heardAgo('gw-01')).toBe(9000)
  links.drop('gw-01')
  expect(links.nonce('gw-01')).toBeNull()
  expect(links.heardAgo('gw-01')).toBe(9000)
})
