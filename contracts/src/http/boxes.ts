import { type Static, Type } from 'typebox'
import { AddressText, BoxCode, Epc, Uuid } from '../ids.ts'
import { SecrecyLevel } from '../roles.ts'
import { route, staff } from '../route-access.ts'
import { Closed, Instant, Nullable, OneOf, Text } from '../schema.ts'
import { SlotState } from './stack.ts'

/** Evidence kinds, from strongest to weakest claim. */
export const EvidenceKind = OneOf([
  'shelved',
  'moved',
  'counted',
  'issued',
  'returned',
  'passage',
  'sighting',
  'import',
])
export type EvidenceKind = Static<typeof EvidenceKind>

/** Place, confidence and last evidence travel together; never one without the others (locating 9). */
export const Belief = Closed({
  /** `12A-3-4-2`, or null where only the reader or the borrower is known. */
  place: Nullable(AddressText),
  /** Words for a place that is no slot: reader, gate or borrower's unit. */
  placeLabel: Nullable(Text(120)),
  confidence: Type.Number({ minimum: 0, maximum: 1 }),
  evidence: Closed({
    kind: EvidenceKind,
    at: Instant,
    by: Text(80),
    /** `at` is not what was told: the clock that told it was in doubt, and has been corrected (G7). */
    corrected: Type.Optional(Type.Literal(true)),
  }),
})
export type Belief = Static<typeof Belief>

/** A file as this reader may see it; above the clearance title and persons are absent, not blanked. */
export const BoxFile = Closed({
  id: Uuid,
  position: Type.Integer(),
  visible: Type.Boolean(),
  refCode: Nullable(Text(120)),
  title: Nullable(Text(400)),
  date: Nullable(Text(10)),
  pages: Nullable(Type.Integer()),
  retention: Nullable(Text(10)),
  secrecy: SecrecyLevel,
})

export const BoxCard = Closed({
  id: Uuid,
  code: BoxCode,
  epc: Epc,
  spineMm: Type.Integer(),
  home: Nullable(AddressText),
  belief: Belief,
  state: SlotState,
  /** Highest level of its files. */
  secrecy: SecrecyLevel,
  /** Aisle to open for the home face; null when the walkway serves it. */
  aisle: Nullable(Type.Integer()),
  bank: Nullable(Text(10)),
  loan: Nullable(
    Closed({ loan: Uuid, borrower: Nullable(Text(80)), due: Text(10), overdue: Type.Boolean() }),
  ),
  files: Type.Array(BoxFile),
  fileCount: Type.Integer(),
  pageCount: Type.Integer(),
})
export type BoxCard = Static<typeof BoxCard>

export const getBox = route({
  method: 'GET',
  path: '/api/boxes/:box',
  access: staff,
  tag: 'boxes',
  summary: 'One box by its code, with where it is, how sure that is, and its contents',
  params: Closed({ box: BoxCode }),
  response: BoxCard,
})

export const getWhereabouts = route({
  method: 'GET',
  path: '/api/boxes/:box/whereabouts',
  access: staff,
  tag: 'whereabouts',
  summary: 'The evidence behind the belief, newest first',
  params: Closed({ box: BoxCode }),
  response: Closed({
    belief: Belief,
    evidence: Type.Array(
      Closed({
        kind: EvidenceKind,
        at: Instant,
        /** When it will have been, where the clock that told `at` was in doubt (G7). */
        correctedAt: Nullable(Instant),
        by: Text(80),
        place: Nullable(AddressText),
        placeLabel: Nullable(Text(120)),
      }),
      { maxItems: 200 },
    ),
  }),
})
