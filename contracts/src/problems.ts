import { type Static, Type } from 'typebox'
import { Closed, OneOf, Text } from './schema.ts'

/** Every stable error code of the product. Closed: a code that is not here does not exist. */
export const problemCodes = [
  // input
  'bad-request',
  'bad-code',
  'body-too-large',
  'not-found',
  'method-not-allowed',
  'conflict',
  'rate-limited',
  // people
  'sign-in-failed',
  'sign-in-locked',
  'not-signed-in',
  'session-expired',
  'forbidden',
  'foreign-origin',
  'above-clearance',
  'second-person-needed',
  // boxes and lending
  'box-unknown',
  'card-unknown',
  'card-expired',
  'already-lent',
  'not-lent',
  'not-in-place',
  'quarantined',
  'due-date-invalid',
  'slot-occupied',
  'place-unknown',
  'shelf-full',
  // shelving
  'interlock',
  'inhibited',
  'forbidden-by-latch',
  'bank-unknown',
  'aisle-unknown',
  'state-changed',
  'gateway-offline',
  'command-expired',
  'unsupported-verb',
  // devices
  'contacts-unacknowledged',
  'device-unknown',
  // alarms
  'already-acknowledged',
  'alarm-closed',
  // custody
  'ledger-closed',
  // edge
  'edge-schema',
  'edge-fork',
  'edge-fenced',
  'edge-held',
  'edge-gap',
  'signature-invalid',
  // ours
  'unavailable',
  'internal',
] as const
export type ProblemCode = (typeof problemCodes)[number]

/** RFC 9457 problem+json. `detail` explains; it never holds a stack, SQL or somebody else's data. */
export const Problem = Closed({
  type: Text(80),
  title: Text(200),
  status: Type.Integer({ minimum: 400, maximum: 599 }),
  code: OneOf(problemCodes),
  detail: Type.Optional(Text(1000)),
  errors: Type.Optional(
    Type.Array(Closed({ path: Text(200), message: Text(300) }), { maxItems: 50 }),
  ),
  retryAfterSeconds: Type.Optional(Type.Integer({ minimum: 0 })),
})
export type Problem = Static<typeof Problem>
