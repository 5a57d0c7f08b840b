import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { repositoryRoot } from '../supervise/node-process.ts'
import {
  belowFloor,
  isAtLeast,
  isOpenSource,
  type Lockfile,
  unexpectedScripts,
  unlicensed,
  untrusted,
} from './supply-chain.ts'

const lock = JSON.parse(readFileSync(`${repositoryRoot}package-lock.json`, 'utf8')) as Lockfile
const lockOf = (name: string, entry: object): Lockfile => ({
  packages: { [`node_modules/${name}`]: entry },
})

describe('our lockfile', () => {
  test('has something in it', () => expect(Object.keys(lock.packages).length).toBeGreaterThan(100))
  test('holds nothing below a known floor', () => expect(belowFloor(lock)).toEqual([]))
  test('names no host but the registry, and an integrity for every package', () =>
    expect(untrusted(lock)).toEqual([]))
  test('holds open source only', () => expect(unlicensed(lock)).toEqual([]))
  test('brings no install script that we do not know', () =>
    expect(unexpectedScripts(lock)).toEqual([]))
})

describe('the gate closes', () => {
  test('on an old version', () =>
    expect(belowFloor(lockOf('fastify', { version: '5.12.0' }))).toHaveLength(1))
  test('on another host, and on a missing integrity', () => {
    const resolved = 'https://elsewhere.example/x.tgz'
    expect(untrusted(lockOf('x', { integrity: 'sha512-x', resolved }))).toHaveLength(1)
    expect(untrusted(lockOf('x', {}))).toHaveLength(1)
  })
  test('on a licence that is none of the OSI’s', () =>
    expect(unlicensed(lockOf('x', { license: 'BUSL-1.1' }))).toHaveLength(1))
  test('on an install script', () =>
    expect(unexpectedScripts(lockOf('x', { hasInstallScript: true }))).toEqual(['node_modules/x']))
})

test.each([
  ['5.12.1', '5.12.1', true],
  ['5.9.9', '5.12.1', false],
  ['10.0.0', '9.99.99', true],
  ['4.2.3-beta.1', '4.2.3', true],
])('%s is at least %s: %s', (version, floor, is) => expect(isAtLeast(version, floor)).toBe(is))

test.each([
  ['MIT', true],
  ['(MIT OR CC0-1.0)', true],
  ['CC0-1.0', false],
  ['MIT AND SSPL-1.0', false],
])('%s is open source: %s', (licence, is) => expect(isOpenSource(licence)).toBe(is))
