/** `npm run db:new -- add_column_x`: an empty migration with the UTC time in its name. */
import { writeFile } from 'node:fs/promises'

const name = process.argv[2]
if (!name || !/^[a-z0-9_]+$/.test(name)) {
  console.error('usage: npm run db:new -- short_name_in_snake_case')
  process.exit(64)
}
const stamp = new Date().toISOString().replace(/\D/g, '').slice(0, 12)
const file = new URL(`./migrations/${stamp}_${name}.sql`, import.meta.url)
await writeFile(file, '-- why:\n', { flag: 'wx' })
console.log(file.pathname)
