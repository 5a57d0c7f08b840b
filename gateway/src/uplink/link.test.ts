import { VirtualClock } from '@lantai/contracts'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { Link } from './link.ts'

test.each([
  ['is not there', 'absent.pem'],
  ['is half written', import.meta.filename],
])('a certificate that %s is being renewed: the gateway waits and tries again', async (_, file) => {
  const clock = new VirtualClock()
  const link = new Link(
    {
      ...{ url: 'mqtts://127.0.0.1:9', clientId: 'gw-01', subscribe: [] },
      tls: { ca: file, cert: file, key: file },
      will: () => ({ topic: 'state', payload: '{}' }),
    },
    { up: () => undefined, down: () => undefined, message: () => undefined },
    clock,
    pino({ level: 'silent' }),
  )
  link.start()
  expect(link.conn).toBe(1)
  clock.advance(60_000)
  const tried = link.conn
  expect(tried).toBeGreaterThan(5)
  await link.stop({ topic: 'state', payload: '{}' })
  clock.advance(60_000)
  expect(link.conn).toBe(tried)
})
