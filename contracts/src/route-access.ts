/** The access rules that several features share, next to the builder. */
import { staff as staffRoles } from './roles.ts'
import { roles } from './route.ts'

export { anyone, loopback, roles, route, signedIn } from './route.ts'
/** Everyone who works in the room. */
export const staff = roles(...staffRoles)
