/** `npm run db:types`: migrates a fresh scratch database and prints its types into `schema.gen.ts`. */
import { writeFile } from 'node:fs/promises'
import pg from 'pg'
import { generateTypes } from './generate-types.ts'
import { createTestDatabase } from './testing.ts'

await using database = await createTestDatabase()
const client = new pg.Client({ connectionString: database.url })
await client.connect()
try {
  await writeFile(new URL('./schema.gen.ts', import.meta.url), await generateTypes(client))
} finally {
  await client.end()
}
