import { type Static, Type } from 'typebox'
import { Reason } from '../free-text.ts'
import { Uuid } from '../ids.ts'
import { Role, SecrecyLevel } from '../roles.ts'
import { anyone, roles, route, signedIn } from '../route-access.ts'
import { Closed, Instant, Nullable, Text } from '../schema.ts'

export const Me = Closed({
  id: Uuid,
  account: Text(40),
  name: Text(80),
  roles: Type.Array(Role),
  clearance: SecrecyLevel,
  /** The session ends here unless it is used; and here at the latest. */
  idleUntil: Instant,
  until: Instant,
})
export type Me = Static<typeof Me>

export const signIn = route({
  method: 'POST',
  path: '/api/session',
  access: anyone,
  tag: 'people',
  summary: 'Sign in; sets the session cookie. Slows down and locks after repeated failures.',
  body: Closed({ account: Text(40), password: Text(200) }),
  response: Me,
})

export const whoAmI = route({
  method: 'GET',
  path: '/api/session',
  access: signedIn,
  tag: 'people',
  summary: 'The signed-in person',
  response: Me,
})

export const signOut = route({
  method: 'DELETE',
  path: '/api/session',
  access: signedIn,
  tag: 'people',
  summary: 'Sign out; ends the session at once, its sockets too',
  response: Closed({}),
})

export const unlock = route({
  method: 'POST',
  path: '/api/people/:person/unlock',
  access: roles('systemOfficer'),
  tag: 'people',
  summary: 'Ends the lock that failed sign-ins of strangers have put on an account',
  params: Closed({ person: Uuid }),
  body: Closed({ reason: Reason }),
  response: Closed({}),
})

export const listPeople = route({
  method: 'GET',
  path: '/api/people',
  access: roles('systemOfficer', 'securityOfficer', 'auditOfficer'),
  tag: 'people',
  summary: 'Accounts with roles and clearance',
  response: Closed({
    people: Type.Array(
      Closed({
        id: Uuid,
        account: Text(40),
        name: Text(80),
        roles: Type.Array(Role),
        clearance: SecrecyLevel,
        locked: Type.Boolean(),
        lastSignIn: Nullable(Instant),
      }),
    ),
  }),
})
