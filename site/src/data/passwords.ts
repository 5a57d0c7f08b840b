import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import type { DatabasePasswords } from '../postgres/roles.ts'
import { readIfThere, writeWhole } from './files.ts'

/** 192 bits, in letters that need no escaping anywhere. */
export const randomSecret = () => randomBytes(24).toString('base64url')

/** PostgreSQL's passwords: made once, kept 0600, never in the log. */
export function databasePasswords(secretsDir: string): DatabasePasswords {
  const path = join(secretsDir, 'database.json')
  const text = readIfThere(path)
  if (text !== undefined) return JSON.parse(text) as DatabasePasswords
  const made = { superuser: randomSecret(), owner: randomSecret(), app: randomSecret() }
  writeWhole(path, JSON.stringify(made))
  return made
}
