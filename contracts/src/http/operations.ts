import { Type } from 'typebox'
import { anyone, loopback, route } from '../route-access.ts'
import { Closed, Text } from '../schema.ts'

export const healthz = route({
  method: 'GET',
  path: '/healthz',
  access: anyone,
  tag: 'operations',
  summary: 'The process answers',
  response: Closed({ ok: Type.Literal(true) }),
})

export const readyz = route({
  method: 'GET',
  path: '/readyz',
  access: anyone,
  tag: 'operations',
  summary: 'Database and broker can be used',
  response: Closed({ ready: Type.Boolean() }),
})

export const metrics = route({
  method: 'GET',
  path: '/metrics',
  access: loopback,
  tag: 'operations',
  summary: 'Prometheus text, for the machine itself only',
  response: Text(10_000_000),
})
