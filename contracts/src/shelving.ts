import { type Static, Type } from 'typebox'
import { AisleNo, BankId, ColumnNo } from './ids.ts'
import { Closed, Nullable, OneOf, Text } from './schema.ts'

/** The one list of interlock inputs (rule S1). `link`, `fire` and `forbid` can never be declared missing. */
export const interlockInputs = [
  'eStop',
  'obstacle',
  'occupied',
  'fire',
  'door',
  'forbid',
  'manual',
  'night',
  'controllerFault',
  'power',
  'link',
  'otherAisle',
] as const
export type InterlockInput = (typeof interlockInputs)[number]

/** `active` refuses motion, `clear` does not, `unknown` refuses; `notProvided` was accepted at commissioning. */
export const InterlockState = OneOf(['active', 'clear', 'unknown', 'notProvided'])
export type InterlockState = Static<typeof InterlockState>

/** One interlock input with the age of its evidence. Older than 2 s counts as active (rule S1). */
export const Interlock = Closed({
  input: OneOf(interlockInputs),
  state: InterlockState,
  ageMs: Nullable(Type.Number({ minimum: 0 })),
})
export type Interlock = Static<typeof Interlock>

export const Motion = OneOf(['still', 'moving', 'unknown'])
export const BankMode = OneOf(['auto', 'manual', 'night', 'unknown'])

/** Where a carriage stands: left edge in millimetres along the rail, from the bank's left end, as the controller reports. */
export const ColumnObserved = Closed({
  column: ColumnNo,
  xMm: Nullable(Type.Number()),
  locked: Nullable(Type.Boolean()),
})

/** What a shelving controller reported; never inferred from what was sent (rule S6). */
export const BankObserved = Closed({
  bank: BankId,
  mode: BankMode,
  motion: Motion,
  /** The aisle whose two sides the controller reports in place; null when none is. */
  openAisle: Nullable(AisleNo),
  ventilating: Nullable(Type.Boolean()),
  columns: Type.Array(ColumnObserved, { maxItems: 200 }),
  faults: Type.Array(Text(60), { maxItems: 20 }),
  /** Rises with every change of the fields above; a command names the one that its person saw (rule S4). */
  revision: Type.Integer({ minimum: 0 }),
})
export type BankObserved = Static<typeof BankObserved>

/** Why the gateway would refuse motion now, apart from the inputs. */
export const Inhibition = OneOf(['boot', 'fire', 'forbid', 'storage', 'crush', 'commissioning'])
export type Inhibition = Static<typeof Inhibition>

/** One bank as its gateway sees it at one moment; ages are counted on the gateway's monotonic clock. */
export const BankReport = Closed({
  bank: BankId,
  /** Age of the controller's last status; null when there never was one. */
  ageMs: Nullable(Type.Number({ minimum: 0 })),
  observed: Nullable(BankObserved),
  interlocks: Type.Array(Interlock, { maxItems: interlockInputs.length }),
  inhibitions: Type.Array(
    Closed({
      kind: Inhibition,
      since: Text(30),
      by: Nullable(Text(80)),
      reason: Nullable(Text(200)),
    }),
    { maxItems: 6 },
  ),
  /** True when a request for motion would be passed on now. */
  permit: Type.Boolean(),
})
export type BankReport = Static<typeof BankReport>

export const motionVerbs = ['open', 'close', 'ventilate'] as const
/** Hold one column where it stands, or let it go again; they move nothing. */
export const lockVerbs = ['lock', 'unlock'] as const
/** Verbs of the canonical shelving interface (devices 3.6), and `release`, which ends the boot inhibition (rule S3). */
export const ShelvingVerb = OneOf([
  ...motionVerbs,
  'stop',
  'forbid',
  'clearForbid',
  ...lockVerbs,
  'release',
])
export type ShelvingVerb = Static<typeof ShelvingVerb>

export const CommandState = OneOf([
  'requested',
  'accepted',
  'refused',
  'running',
  'done',
  'failed',
  'unknown',
  'expired',
])
export type CommandState = Static<typeof CommandState>
