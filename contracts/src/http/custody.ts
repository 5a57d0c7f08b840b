import { type Static, Type } from 'typebox'
import { BoxCode, Uuid } from '../ids.ts'
import { anyone, roles, route, signedIn } from '../route-access.ts'
import { Closed, Instant, Nullable, OneOf, Text } from '../schema.ts'

const auditors = roles('auditOfficer', 'archivist')

export const custodyEvents = [
  'box.registered',
  'account.unlocked',
  'box.issued',
  'box.returned',
  'box.moved',
  'box.alarm',
  'box.passage',
  'bank.command',
  'console.act',
  'config.wanted',
  'config.applied',
  'config.rejected',
  'device.asked',
  'undo',
  'key.changed',
] as const

export const CustodyEntry = Closed({
  index: Type.Integer({ minimum: 0 }),
  id: Uuid,
  event: OneOf(custodyEvents),
  at: Instant,
  /** When it will have been, where the clock that told `at` was in doubt (G7). No part of the hashed bytes. */
  correctedAt: Nullable(Instant),
  box: Nullable(BoxCode),
  actor: Text(80),
  outcome: OneOf(['success', 'refused', 'observed']),
  detail: Nullable(Text(400)),
})
export type CustodyEntry = Static<typeof CustodyEntry>

export const getCheckpoint = route({
  method: 'GET',
  path: '/api/custody/checkpoint',
  access: anyone,
  tag: 'custody',
  summary:
    'The newest signed checkpoint (C2SP tlog-checkpoint, Ed25519), and the newest outside witness',
  response: Closed({
    checkpoint: Text(2000),
    publicKey: Text(120),
    size: Type.Integer(),
    witnesses: Type.Array(Closed({ name: Text(40), size: Type.Integer(), at: Instant })),
  }),
})

export const getBoxCustody = route({
  method: 'GET',
  path: '/api/custody/boxes/:box',
  access: roles('archivist', 'auditOfficer', 'desk'),
  tag: 'custody',
  summary: 'Custody passport of one box, newest first',
  params: Closed({ box: BoxCode }),
  response: Closed({ entries: Type.Array(CustodyEntry) }),
})

export const listCustody = route({
  method: 'GET',
  path: '/api/custody/entries',
  access: auditors,
  tag: 'custody',
  summary: 'The ledger, newest first',
  query: Closed({
    before: Type.Optional(Type.Integer({ minimum: 0 })),
    limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 200 })),
  }),
  response: Closed({ entries: Type.Array(CustodyEntry), size: Type.Integer() }),
})

/** Everything that a verifier without network needs, but the public key. */
export const getInclusion = route({
  method: 'GET',
  path: '/api/custody/entries/:index/proof',
  access: auditors,
  tag: 'custody',
  summary: 'The exact bytes of an entry with its RFC 6962 inclusion proof and checkpoint',
  params: Closed({ index: Type.Integer({ minimum: 0 }) }),
  response: Closed({
    index: Type.Integer(),
    size: Type.Integer(),
    /** Base64 of the hashed bytes. */
    leaf: Text(20_000),
    proof: Type.Array(Text(60)),
    checkpoint: Text(2000),
  }),
})

export const getConsistency = route({
  method: 'GET',
  path: '/api/custody/consistency',
  access: signedIn,
  tag: 'custody',
  summary: 'RFC 6962 consistency proof between two sizes of the tree',
  query: Closed({ from: Type.Integer({ minimum: 0 }), to: Type.Integer({ minimum: 0 }) }),
  response: Closed({ from: Type.Integer(), to: Type.Integer(), proof: Type.Array(Text(60)) }),
})
