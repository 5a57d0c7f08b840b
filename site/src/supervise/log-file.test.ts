import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { LogFile } from './log-file.ts'

let dir: string
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'lantai-log-'))
})
afterEach(() => rmSync(dir, { recursive: true }))

const read = (name: string) => readFileSync(join(dir, name), 'utf8')

test('is turned over by size, keeps as many as told, and loses no line that it keeps', () => {
  const log = new LogFile(join(dir, 'a.log'), { bytes: 10, keep: 2 })
  for (const line of ['one----\n', 'two----\n', 'three--\n', 'four---\n']) log.write(line)
  log.close()
  expect(readdirSync(dir).sort()).toEqual(['a.log', 'a.log.1', 'a.log.2'])
  expect([read('a.log'), read('a.log.1'), read('a.log.2')]).toEqual([
    'four---\n',
    'three--\n',
    'two----\n',
  ])
})

test('goes on in the file of the last start', () => {
  for (const line of ['a\n', 'b\n']) {
    const log = new LogFile(join(dir, 'a.log'))
    log.write(line)
    log.close()
  }
  expect(read('a.log')).toBe('a\nb\n')
})

test('can be read by nobody else', () => {
  new LogFile(join(dir, 'a.log')).close()
  expect(statSync(join(dir, 'a.log')).mode & 0o777).toBe(0o600)
})
