export { provisionRoles } from './db/grants.ts'
