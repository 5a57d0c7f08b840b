import type { Static, TSchema } from 'typebox'
import type { Role } from './roles.ts'

/**
 * Who may call. There is no default: a route without a rule does not type-check, and the server refuses to
 * mount a URL that does not come from a `route()` value (architecture 4, default deny).
 * `loopback` is for the machine itself (health and metrics), never for a proxied request.
 */
export type Access =
  | { readonly who: 'anyone' }
  | { readonly who: 'loopback' }
  | { readonly who: 'signed-in' }
  | { readonly who: 'roles'; readonly roles: readonly Role[] }

export const anyone: Access = { who: 'anyone' }
export const loopback: Access = { who: 'loopback' }
export const signedIn: Access = { who: 'signed-in' }
export const roles = (...list: Role[]): Access => ({ who: 'roles', roles: list })

export interface Route<
  P extends TSchema | undefined = TSchema | undefined,
  Q extends TSchema | undefined = TSchema | undefined,
  B extends TSchema | undefined = TSchema | undefined,
  R extends TSchema = TSchema,
> {
  readonly method: 'GET' | 'POST' | 'DELETE'
  /** Fastify and OpenAPI share this form: `/api/boxes/:id`. */
  readonly path: `/${string}`
  readonly access: Access
  readonly tag: string
  readonly summary: string
  readonly params?: P
  readonly query?: Q
  readonly body?: B
  readonly response: R
}

/** Describes one HTTP operation. The server mounts it, the dashboard calls it, OpenAPI is printed from it. */
export const route = <
  P extends TSchema | undefined = undefined,
  Q extends TSchema | undefined = undefined,
  B extends TSchema | undefined = undefined,
  R extends TSchema = TSchema,
>(
  r: Route<P, Q, B, R>,
): Route<P, Q, B, R> => r

// An optional property reads as `B | undefined`; only a route that was given no schema has no value.
type Of<T> = [T] extends [undefined] ? undefined : Static<Extract<T, TSchema>>
export type ParamsOf<T extends Route> = Of<T['params']>
export type QueryOf<T extends Route> = Of<T['query']>
export type BodyOf<T extends Route> = Of<T['body']>
export type ResponseOf<T extends Route> = Static<T['response']>
