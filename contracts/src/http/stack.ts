import { type Static, Type } from 'typebox'
import { FreeText } from '../free-text.ts'
import { AddressText, BoxCode, ColumnNo, FaceId, Uuid } from '../ids.ts'
import { roles, route, staff } from '../route-access.ts'
import { Closed, Instant, Nullable, OneOf, Text } from '../schema.ts'
import { StackLayout } from '../stack.ts'

export const getLayout = route({
  method: 'GET',
  path: '/api/stack/layout',
  access: staff,
  tag: 'stack',
  summary: 'Rooms, banks and columns in millimetres, with the layout version',
  response: StackLayout,
})

/** Fill of every shelf, for the plan: per column, face A then B, section 1…n, shelf 1…m; 0–255 of the clear width. */
export const ColumnFill = Closed({
  column: ColumnNo,
  fill: Type.Array(Type.Integer({ minimum: 0, maximum: 255 })),
})

export const getOccupancy = route({
  method: 'GET',
  path: '/api/stack/occupancy',
  access: staff,
  tag: 'stack',
  summary: 'How full each shelf is, and the totals computed from the same rows',
  response: Closed({
    version: Type.Integer(),
    boxes: Type.Integer(),
    files: Type.Integer(),
    pages: Type.Integer(),
    lent: Type.Integer(),
    /** Sum of spines on shelves over clear width of all shelves, 0…1. */
    occupied: Type.Number(),
    columns: Type.Array(ColumnFill),
  }),
})

/** State of a slot as drawn. `misplaced`: last read elsewhere or put elsewhere; `unread`: no evidence where it should be. */
export const SlotState = OneOf(['onShelf', 'lent', 'misplaced', 'unread', 'reserved'])
export type SlotState = Static<typeof SlotState>

export const Slot = Closed({
  slot: Type.Integer({ minimum: 1 }),
  box: Uuid,
  code: BoxCode,
  spineMm: Type.Integer(),
  state: SlotState,
  lastEvidence: Nullable(Instant),
})
export type Slot = Static<typeof Slot>

export const FaceView = Closed({
  face: FaceId,
  column: ColumnNo,
  side: Type.Unsafe<'A' | 'B'>({ type: 'string', enum: ['A', 'B'] }),
  bank: Text(10),
  sections: Type.Integer(),
  shelves: Type.Integer(),
  shelfWidthMm: Type.Number(),
  /** Sparse: only shelves with boxes. Slots from the left as seen from the aisle. */
  rows: Type.Array(
    Closed({ section: Type.Integer(), shelf: Type.Integer(), slots: Type.Array(Slot) }),
  ),
  boxes: Type.Integer(),
  previous: Nullable(FaceId),
  next: Nullable(FaceId),
})
export type FaceView = Static<typeof FaceView>

export const getFace = route({
  method: 'GET',
  path: '/api/stack/faces/:face',
  access: staff,
  tag: 'stack',
  summary: 'Every slot of one face, for the elevation',
  params: Closed({ face: FaceId }),
  response: FaceView,
})

export const moveBox = route({
  method: 'POST',
  path: '/api/stack/moves',
  access: roles('archivist', 'runner'),
  tag: 'stack',
  summary:
    'Put a box on another shelf; appended to its slots, or inserted at the slot that is named',
  body: Closed({ code: BoxCode, to: AddressText, reason: Type.Optional(FreeText(200)) }),
  response: Closed({ move: Uuid, box: Uuid, from: Nullable(AddressText), to: AddressText }),
})

export const undoMove = route({
  method: 'POST',
  path: '/api/stack/moves/:move/undo',
  access: roles('archivist', 'runner'),
  tag: 'stack',
  summary: 'Undo a move by a compensating move; both stay in the history',
  params: Closed({ move: Uuid }),
  response: Closed({ move: Uuid, box: Uuid, from: Nullable(AddressText), to: AddressText }),
})
