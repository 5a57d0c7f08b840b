/** For `site`: what sets up a database, and what the benchmarks measure. The server itself is a process. */
export { grantAppRole, provisionRoles } from './db/grants.ts'
export { migrate, readMigrations } from './db/migrate.ts'
export { createDb, createPool } from './db/pool.ts'
export { findBox } from './features/boxes/boxes.ts'
export { openCheckpoint, verifyEntry } from './features/custody/verify.ts'
export { bigrams } from './features/records/grams.ts'
export { filesByText } from './features/records/search-sql.ts'
