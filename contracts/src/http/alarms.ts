import { type Static, Type } from 'typebox'
import { AlarmState, ConditionKind, Priority, Where } from '../alarms.ts'
import { FreeText } from '../free-text.ts'
import { Uuid } from '../ids.ts'
import { roles, route, staff } from '../route-access.ts'
import { Closed, Instant, Nullable, OneOf, Text } from '../schema.ts'

export const AlarmView = Closed({
  id: Uuid,
  kind: ConditionKind,
  priority: Priority,
  state: AlarmState,
  active: Type.Boolean(),
  latched: Type.Boolean(),
  where: Where,
  value: Nullable(Type.Number()),
  limit: Nullable(Type.Number()),
  unit: Nullable(Text(10)),
  since: Instant,
  /** When it will have begun, where the gateway's clock was in doubt as it told so (G7); null where it was not, or is not known. */
  sinceCorrected: Nullable(Instant),
  returnedAt: Nullable(Instant),
  closedAt: Nullable(Instant),
  ack: Nullable(Closed({ by: Text(80), at: Instant, comment: Nullable(Text(500)) })),
  /** Who inspected and reset on site, and why: only for latched alarms. */
  reset: Nullable(Closed({ by: Text(80), at: Instant, reason: Text(200) })),
  version: Type.Integer(),
})
export type AlarmView = Static<typeof AlarmView>

export const listAlarms = route({
  method: 'GET',
  path: '/api/alarms',
  access: staff,
  tag: 'alarms',
  summary: 'Open alarms (every one, whatever its age), or the history',
  query: Closed({ show: Type.Optional(OneOf(['open', 'history'])) }),
  response: Closed({ alarms: Type.Array(AlarmView), lastClosedAt: Nullable(Instant) }),
})

export const acknowledgeAlarm = route({
  method: 'POST',
  path: '/api/alarms/:alarm/ack',
  access: roles('archivist', 'facilities', 'desk', 'runner'),
  tag: 'alarms',
  summary: '我知道了，我在处理: stores name, time and an optional comment; never hides the row',
  params: Closed({ alarm: Uuid }),
  body: Closed({ comment: Type.Optional(FreeText(500)) }),
  response: AlarmView,
})
