/**
 * What an import reads: one JSON object a line, in this order of kinds. The demo store and, later, real
 * migrations come through the same door. An import is all or nothing.
 */
import { type Static, Type } from 'typebox'
import { AddressText, BoxCode, CardCode, Epc, Name } from './ids.ts'
import { Role, SecrecyLevel } from './roles.ts'
import { Closed, Day, Instant, Nullable, Text } from './schema.ts'
import { StackLayout } from './stack.ts'

export const catalogueKinds = {
  layout: Closed({ kind: Type.Literal('layout'), layout: StackLayout }),
  fonds: Closed({
    kind: Type.Literal('fonds'),
    code: Text(20),
    title: Text(200),
    creator: Text(200),
  }),
  category: Closed({
    kind: Type.Literal('category'),
    fonds: Text(20),
    /** Levels joined by `·`, as `ZY·DK·2019·D30`. */
    code: Text(80),
    title: Text(200),
    retention: Nullable(Text(10)),
  }),
  box: Closed({
    kind: Type.Literal('box'),
    code: BoxCode,
    epc: Epc,
    tid: Epc,
    spineMm: Type.Integer({ minimum: 5, maximum: 200 }),
    /** Home place down to the slot; null for a box that has no place yet. */
    home: Nullable(AddressText),
    /** The last inventory that found it there, where the source knows. */
    lastCounted: Nullable(Instant),
  }),
  subject: Closed({
    kind: Type.Literal('subject'),
    /** Key inside this import, referred to by `file.subjects`. */
    key: Text(40),
    type: Type.Unsafe<'person' | 'unit'>({ type: 'string', enum: ['person', 'unit'] }),
    name: Text(120),
    /** Citizen number (GB 11643) or unified social credit code (GB 32100). */
    number: Text(30),
  }),
  file: Closed({
    kind: Type.Literal('file'),
    refCode: Text(120),
    fonds: Text(20),
    category: Text(80),
    box: BoxCode,
    /** Order in the box, from the front. */
    position: Type.Integer({ minimum: 1 }),
    title: Text(400),
    responsible: Text(200),
    date: Day,
    pages: Type.Integer({ minimum: 0 }),
    retention: Text(10),
    secrecy: SecrecyLevel,
    openness: Text(20),
    subjects: Type.Array(Text(40), { maxItems: 50 }),
  }),
  borrower: Closed({
    kind: Type.Literal('borrower'),
    card: CardCode,
    name: Text(80),
    unit: Text(120),
    clearance: SecrecyLevel,
    validUntil: Day,
  }),
  /** A loan that is open in the source. */
  loan: Closed({
    kind: Type.Literal('loan'),
    box: BoxCode,
    card: CardCode,
    issuedAt: Instant,
    due: Day,
  }),
  person: Closed({
    kind: Type.Literal('person'),
    account: Name,
    name: Text(80),
    roles: Type.Array(Role, { minItems: 1 }),
    clearance: SecrecyLevel,
    /** Clear text once, at first import; only its hash is stored. */
    password: Text(200),
  }),
} as const
export type CatalogueKind = keyof typeof catalogueKinds
export type CatalogueLine<K extends CatalogueKind = CatalogueKind> = {
  [P in K]: Static<(typeof catalogueKinds)[P]>
}[K]
