import { randomInt } from 'node:crypto'
import type { CatalogueLine } from '@lantai/contracts'
import { readIfThere, writeWhole } from '../data/files.ts'

export type DemoAccount = Omit<CatalogueLine<'person'>, 'kind'>

/** One account per role, and a second archivist for what needs two persons (rule S7). */
const people: readonly Omit<DemoAccount, 'password'>[] = [
  { account: 'archivist', name: '林档', roles: ['archivist'], clearance: 'confidential' },
  { account: 'archivist2', name: '周案', roles: ['archivist'], clearance: 'confidential' },
  { account: 'runner', name: '陈调', roles: ['runner'], clearance: 'internal' },
  { account: 'facilities', name: '吴维', roles: ['facilities'], clearance: 'internal' },
  { account: 'desk', name: '许阅', roles: ['desk'], clearance: 'internal' },
  { account: 'system', name: '系统管理员', roles: ['systemOfficer'], clearance: 'internal' },
  {
    account: 'security',
    name: '安全保密管理员',
    roles: ['securityOfficer'],
    clearance: 'internal',
  },
  { account: 'audit', name: '安全审计员', roles: ['auditOfficer'], clearance: 'internal' },
]

// No l, 1, o, 0: a password that is typed from a screen must be readable.
const letters = 'abcdefghijkmnpqrstuvwxyz23456789'

/** 80 random bits as `k7dm-2qxp-9fhw-c3tz`. */
const readablePassword = () =>
  Array.from({ length: 4 }, () =>
    Array.from({ length: 4 }, () => letters[randomInt(letters.length)]).join(''),
  ).join('-')

interface AccountsFile {
  readonly note: string
  readonly accounts: readonly DemoAccount[]
}

/** The demo's accounts: made at the first start, never default (reliability 4.3), kept in a file of mode 0600. */
export function demoAccounts(path: string): readonly DemoAccount[] {
  const text = readIfThere(path)
  if (text !== undefined) return (JSON.parse(text) as AccountsFile).accounts
  const accounts = people.map((p) => ({ ...p, password: readablePassword() }))
  const note = 'Generated accounts of the demo store. Only hashes are in the database.'
  writeWhole(path, `${JSON.stringify({ note, accounts } satisfies AccountsFile, null, 2)}\n`)
  return accounts
}

/** The lines of an import that create the accounts. */
export const accountLines = (accounts: readonly DemoAccount[]): CatalogueLine<'person'>[] =>
  accounts.map((a) => ({ kind: 'person', ...a }))
