import type { Access, ProblemCode, Role, Route } from '@lantai/contracts'
import type { FastifyRequest } from 'fastify'
import { DomainError } from './domain-error.ts'
import type { SignedIn } from './signed-in.ts'

export const cookieName = '__Host-lantai'
/** Hash of the token of this browser's last session. It outlives the browser and opens nothing, but its failures are counted apart (ASVS 6.3.1). */
export const knownCookieName = '__Host-lantai-known'
export const knownCookieSeconds = 180 * 24 * 3600

export type Identity =
  | { ok: true; person: SignedIn }
  | { ok: false; code: 'not-signed-in' | 'session-expired' }
/** Finds the person behind a session token; given by the people feature. */
export type Identify = (token: string | undefined) => Promise<Identity>

/** The rule of routes and live rooms alike: null when admitted, else why not. */
export function refusal(access: Access, roles: readonly Role[] | null): ProblemCode | null {
  if (access.who === 'anyone') return null
  if (access.who === 'loopback') return 'forbidden'
  if (!roles) return 'not-signed-in'
  if (access.who === 'signed-in') return null
  return access.roles.some((r) => roles.includes(r)) ? null : 'forbidden'
}

const forwarded = ['x-forwarded-for', 'x-forwarded-host', 'x-forwarded-proto', 'forwarded', 'via']

/** Only the machine itself, never through a proxy: the peer is loopback and nobody says they forwarded it. */
export const fromMachineItself = (request: FastifyRequest): boolean =>
  /^(127\.|::1$|::ffff:127\.)/.test(request.socket.remoteAddress ?? '') &&
  forwarded.every((h) => request.headers[h] === undefined)

/** Returns the person, or null where the route asks for none. Throws before anything of the request is read. */
export async function admit(
  route: Route,
  request: FastifyRequest,
  identify: Identify,
): Promise<SignedIn | null> {
  if (route.access.who === 'anyone') return null
  if (route.access.who === 'loopback') {
    if (fromMachineItself(request)) return null
    throw new DomainError('not-found')
  }
  const identity = request.identity ?? (await identify(request.cookies[cookieName]))
  if (!identity.ok) throw new DomainError(identity.code)
  const code = refusal(route.access, identity.person.roles)
  if (code) throw new DomainError(code)
  return identity.person
}
