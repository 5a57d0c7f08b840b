import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { tempDir } from '../testing.ts'
import { createAuthority, daysLeft, issue, signedBy } from './authority.ts'
import { ensurePki } from './files.ts'

const now = Date.UTC(2026, 10, 22)
const day = 86_400_000
const at = (ms: number) => ({ now: () => ms })

test('a certificate is good under its own authority only', async () => {
  const ours = await createAuthority(now)
  const theirs = await createAuthority(now)
  const { cert } = await issue(ours, 'gw-01', 'client', now)
  expect(await signedBy(cert, ours.cert)).toBe(true)
  expect(await signedBy(cert, theirs.cert)).toBe(false)
})

test('every file can be read by its owner only', async () => {
  using dir = tempDir()
  await ensurePki(dir.path, { broker: 'server', 'gw-01': 'client' }, at(now))
  const names = readdirSync(dir.path)
  expect(names.sort()).toEqual([
    'broker.crt',
    'broker.key',
    'ca.crt',
    'ca.key',
    'gw-01.crt',
    'gw-01.key',
  ])
  for (const name of names) expect(statSync(join(dir.path, name)).mode & 0o777).toBe(0o600)
})

test('a certificate is kept while it is good, and renewed when it nears its end', async () => {
  using dir = tempDir()
  const read = () => readFileSync(join(dir.path, 'gw-01.crt'), 'utf8')
  await ensurePki(dir.path, { 'gw-01': 'client' }, at(now))
  const first = read()
  await ensurePki(dir.path, { 'gw-01': 'client' }, at(now + 300 * day))
  expect(read()).toBe(first)
  await ensurePki(dir.path, { 'gw-01': 'client' }, at(now + 350 * day))
  expect(read()).not.toBe(first)
  expect(daysLeft(read(), now + 350 * day)).toBeGreaterThan(300)
})
