import { type Static, Type } from 'typebox'
import { Quantity } from '../edge.ts'
import { Name } from '../ids.ts'
import { route, staff } from '../route-access.ts'
import { Closed, Instant, Nullable, OneOf, Text } from '../schema.ts'

/** One quantity of one sensor: now, the 24 h range, the allowed band. Stale after twice its interval. */
export const Gauge = Closed({
  quantity: Quantity,
  value: Nullable(Type.Number()),
  at: Nullable(Instant),
  stale: Type.Boolean(),
  min24h: Nullable(Type.Number()),
  max24h: Nullable(Type.Number()),
  low: Type.Number(),
  high: Type.Number(),
})

export const SensorView = Closed({
  sensor: Name,
  label: Text(80),
  room: Text(10),
  xMm: Type.Number(),
  yMm: Type.Number(),
  everyMs: Type.Integer(),
  gauges: Type.Array(Gauge),
})
export type SensorView = Static<typeof SensorView>

export const listSensors = route({
  method: 'GET',
  path: '/api/climate',
  access: staff,
  tag: 'climate',
  summary: 'Every sensor with its value, age, 24 h range and band',
  response: Closed({ sensors: Type.Array(SensorView), serverTime: Instant }),
})

export const getSeries = route({
  method: 'GET',
  path: '/api/climate/:sensor/:quantity',
  access: staff,
  tag: 'climate',
  summary: 'A series for a chart. A missing stretch is missing: gaps are never interpolated.',
  params: Closed({ sensor: Name, quantity: Quantity }),
  query: Closed({ span: OneOf(['1h', '24h', '7d', '30d']) }),
  response: Closed({
    stepMs: Type.Integer(),
    points: Type.Array(
      Closed({ at: Instant, min: Type.Number(), max: Type.Number(), mean: Type.Number() }),
      { maxItems: 3000 },
    ),
  }),
})
