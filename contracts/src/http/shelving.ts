import { type Static, Type } from 'typebox'
import { FreeText, Reason } from '../free-text.ts'
import { AisleNo, BankId, ColumnNo, Uuid } from '../ids.ts'
import { roles, route, signedIn, staff } from '../route-access.ts'
import { Closed, Instant, Nullable, OneOf, Text } from '../schema.ts'
import { BankReport, CommandState, ShelvingVerb } from '../shelving.ts'

export const CommandView = Closed({
  command: Uuid,
  bank: BankId,
  verb: ShelvingVerb,
  aisle: Nullable(AisleNo),
  state: CommandState,
  reason: Nullable(Text(200)),
  by: Text(80),
  at: Instant,
  updatedAt: Instant,
  /** Waits for a second person until then (clearForbid). */
  awaitsApproval: Type.Boolean(),
})
export type CommandView = Static<typeof CommandView>

/** A bank as the server last heard of it; `heardAgoMs` grows while the gateway is silent. */
export const BankView = Closed({
  bank: BankId,
  label: Text(20),
  gateway: Nullable(Text(40)),
  gatewayOnline: Type.Boolean(),
  heardAgoMs: Nullable(Type.Number()),
  report: Nullable(BankReport),
  command: Nullable(CommandView),
})
export type BankView = Static<typeof BankView>

export const listBanks = route({
  method: 'GET',
  path: '/api/shelving',
  access: staff,
  tag: 'shelving',
  summary:
    'Every bank: what its controller reports, each interlock with its age, the running command',
  response: Closed({ banks: Type.Array(BankView), serverTime: Instant }),
})

export const requestMotion = route({
  method: 'POST',
  path: '/api/shelving/:bank/motion',
  access: roles('archivist', 'runner', 'facilities'),
  tag: 'shelving',
  summary:
    'Request motion. The gateway decides, the controller moves; the answer says only that it was requested. Refused when the seen revision is not the present one.',
  params: Closed({ bank: BankId }),
  body: Closed({
    verb: OneOf(['open', 'close', 'ventilate']),
    aisle: Nullable(AisleNo),
    seenRevision: Type.Integer({ minimum: 0 }),
    /** 已现场确认通道内无人: asked of everyone who is not standing at the aisle. */
    confirmedOnSite: Type.Literal(true),
    purpose: Type.Optional(FreeText(200)),
  }),
  response: CommandView,
})

export const requestStop = route({
  method: 'POST',
  path: '/api/shelving/:bank/stop',
  access: signedIn,
  tag: 'shelving',
  summary:
    'Request stop: no dialogue, no interlock, every signed-in person. Not an emergency stop.',
  params: Closed({ bank: BankId }),
  response: CommandView,
})

export const forbidMotion = route({
  method: 'POST',
  path: '/api/shelving/:bank/forbid',
  access: roles('archivist', 'facilities', 'runner'),
  tag: 'shelving',
  summary: 'Forbid all motion, latched at the gateway, until two persons clear it',
  params: Closed({ bank: BankId }),
  body: Closed({ reason: Reason }),
  response: CommandView,
})

export const lockColumn = route({
  method: 'POST',
  path: '/api/shelving/:bank/lock',
  access: roles('archivist', 'facilities'),
  tag: 'shelving',
  summary: 'Ask the controller to hold one column where it stands, or to let it go. Moves nothing.',
  params: Closed({ bank: BankId }),
  body: Closed({
    verb: OneOf(['lock', 'unlock']),
    column: ColumnNo,
    reason: Reason,
  }),
  response: CommandView,
})

export const clearForbid = route({
  method: 'POST',
  path: '/api/shelving/:bank/clear-forbid',
  access: roles('archivist', 'facilities'),
  tag: 'shelving',
  summary: 'Ask to clear a forbid; a second person must approve',
  params: Closed({ bank: BankId }),
  body: Closed({ reason: Reason }),
  response: CommandView,
})

export const approveCommand = route({
  method: 'POST',
  path: '/api/shelving/commands/:command/approve',
  access: roles('archivist', 'facilities'),
  tag: 'shelving',
  summary: 'The second person approves a frozen command of somebody else',
  params: Closed({ command: Uuid }),
  response: CommandView,
})

export const releaseBank = route({
  method: 'POST',
  path: '/api/shelving/:bank/release',
  access: roles('archivist', 'facilities'),
  tag: 'shelving',
  summary: 'End the inhibition after a gateway restart, with a reason. Moves nothing.',
  params: Closed({ bank: BankId }),
  body: Closed({ reason: Reason }),
  response: CommandView,
})

export const getCommand = route({
  method: 'GET',
  path: '/api/shelving/commands/:command',
  access: signedIn,
  tag: 'shelving',
  summary: 'One command with its present state',
  params: Closed({ command: Uuid }),
  response: CommandView,
})
