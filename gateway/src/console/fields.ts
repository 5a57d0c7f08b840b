import { reasonPattern, unstorableCharacters } from '@lantai/contracts'
import type { FastifyRequest } from 'fastify'
import { Type } from 'typebox'
import type { RosterPerson } from '../uplink/roster.ts'
import type { ActResult } from './acts.ts'

export const Closed = <T extends Parameters<typeof Type.Object>[0]>(fields: T) =>
  Type.Object(fields, { additionalProperties: false })
export const Reason = Type.String({
  minLength: 2,
  maxLength: 200,
  pattern: reasonPattern(unstorableCharacters),
})
export const Credentials = Closed({
  account: Type.String({ minLength: 1, maxLength: 40 }),
  password: Type.String({ minLength: 1, maxLength: 200 }),
})
/** An aisle, by the number of the column before it. */
export const Aisle = Type.Integer({ minimum: 1, maximum: 9999 })
export const Revision = Type.Integer({ minimum: 0 })
export const BankParams = Closed({ bank: Type.String({ pattern: '^B[0-9]{1,3}$' }) })

type Shape = ReturnType<typeof Closed>
/** Mounts one act of a signed-in person. `bodyLimit` in bytes, where a body is larger than the console's usual ones. */
export type Act = (
  path: string,
  schema: { params?: Shape; body?: Shape },
  run: (req: FastifyRequest, me: RosterPerson) => Promise<ActResult> | ActResult,
  bodyLimit?: number,
) => unknown
