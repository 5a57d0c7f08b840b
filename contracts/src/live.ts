/**
 * Server to dashboard over socket.io: at most once, so every room has a version. A client that sees a hole, or
 * another epoch, fetches its view again over HTTP (rule D17). Rooms carry no titles and no persons.
 */
import type { Static, TSchema } from 'typebox'
import { Type } from 'typebox'
import { Quantity } from './edge.ts'
import { AlarmView } from './http/alarms.ts'
import { GatewayView } from './http/gateways.ts'
import { BankView } from './http/shelving.ts'
import { BoxCode, Epc, FaceId, Name, Uuid } from './ids.ts'
import type { Access } from './route.ts'
import { roles, signedIn, staff } from './route-access.ts'
import { Closed, Instant, Nullable, OneOf, Text } from './schema.ts'

interface LiveRoom<T extends TSchema> {
  readonly access: Access
  readonly delta: T
}
const room = <T extends TSchema>(access: Access, delta: T): LiveRoom<T> => ({ access, delta })

/** Every room that can be joined, who may join it, and what it is sent. A room without a rule does not type-check. */
export const liveRooms = {
  /** Banks: positions, interlocks, commands. Replaces the bank of the same id. */
  shelving: room(signedIn, Closed({ banks: Type.Array(BankView) })),
  /** Alarms: insert or replace by id. */
  alarms: room(staff, Closed({ alarms: Type.Array(AlarmView) })),
  /** Faces and totals whose content changed: fetch those again if they are open. */
  stack: room(
    staff,
    Closed({ faces: Type.Array(FaceId), boxes: Type.Array(BoxCode), totals: Type.Boolean() }),
  ),
  /** New values of sensors. */
  climate: room(
    staff,
    Closed({
      values: Type.Array(
        Closed({ sensor: Name, quantity: Quantity, value: Type.Number(), at: Instant }),
      ),
    }),
  ),
  /** Tags that a desk reader sees, as they come and go. */
  desk: room(
    roles('desk', 'archivist'),
    Closed({
      reader: Name,
      epc: Epc,
      box: Nullable(BoxCode),
      card: Nullable(Text(10)),
      at: Instant,
      present: Type.Boolean(),
    }),
  ),
  /** Loans changed. */
  lending: room(roles('desk', 'archivist'), Closed({ loans: Type.Array(Uuid) })),
  /** Gateways and devices. */
  health: room(signedIn, Closed({ gateways: Type.Array(GatewayView) })),
  /** Fire as the gateways last reported it, and the worst open alarm, for the top bar. */
  status: room(
    signedIn,
    Closed({
      fire: OneOf(['normal', 'alarm', 'latched', 'unknown']),
      openAlarms: Type.Integer(),
      unacknowledged: Type.Integer(),
      worst: Nullable(AlarmView),
      gatewaysOnline: Type.Integer(),
      gatewaysTotal: Type.Integer(),
      serverTime: Instant,
    }),
  ),
} as const
export type LiveRoomName = keyof typeof liveRooms
export type LiveDelta<R extends LiveRoomName> = Static<(typeof liveRooms)[R]['delta']>

export const LiveMessage = Closed({
  room: OneOf(Object.keys(liveRooms) as LiveRoomName[]),
  /** Changes when the server process changes: everything is fetched again. */
  epoch: Uuid,
  /** Dense per room and epoch. */
  version: Type.Integer({ minimum: 0 }),
  /** Of the room's `delta`. */
  data: Type.Unknown(),
})
export type LiveMessage = Static<typeof LiveMessage>

/** socket.io events. `join` answers with the version from which deltas count, or with a problem code. */
export interface ClientToServer {
  join: (room: string, done: (answer: JoinAnswer) => void) => void
  leave: (room: string) => void
}
export interface ServerToClient {
  delta: (message: LiveMessage) => void
  /** The session ended: sign in again. */
  ended: (code: 'session-expired' | 'not-signed-in') => void
}
export type JoinAnswer =
  | { ok: true; epoch: string; version: number; snapshot: unknown | null }
  | { ok: false; code: 'forbidden' | 'not-signed-in' | 'bad-request' }
