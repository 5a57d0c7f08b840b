import { Type } from 'typebox'
import { route, staff } from '../route-access.ts'
import { Closed, Instant, Nullable, OneOf, Text } from '../schema.ts'

/** One quantity in one room: of the sensors that speak, the lowest and the highest. */
const Air = Closed({
  min: Type.Number(),
  max: Type.Number(),
  low: Type.Number(),
  high: Type.Number(),
  min24h: Type.Number(),
  max24h: Type.Number(),
  stale: Type.Boolean(),
})

/** 总览: every number is computed from rows; what could not be computed is null and says so on the screen. */
export const getOverview = route({
  method: 'GET',
  path: '/api/overview',
  access: staff,
  tag: 'overview',
  summary: 'Is everything in order, and what is to be done today',
  response: Closed({
    serverTime: Instant,
    siteLabel: Text(60),
    rooms: Type.Array(
      Closed({
        room: Text(10),
        label: Text(40),
        boxes: Type.Integer(),
        lent: Type.Integer(),
        occupied: Type.Number(),
        temperature: Nullable(Air),
        humidity: Nullable(Air),
      }),
    ),
    todo: Type.Array(
      Closed({
        kind: OneOf([
          'alarm',
          'overdue',
          'dueToday',
          'misplaced',
          'device',
          'notReleased',
          'ledger',
          'quarantine',
        ]),
        count: Type.Integer(),
        /** Where Enter goes: a path of the dashboard. */
        open: Text(200),
        detail: Nullable(Text(200)),
      }),
    ),
    issuedToday: Type.Integer(),
    returnedToday: Type.Integer(),
    overdue: Type.Integer(),
    openAlarms: Type.Integer(),
  }),
})
