import { mkdirSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pino } from 'pino'
import { expect, test } from 'vitest'
import { newDir } from '../outbox/testing.ts'
import type { Put } from '../outbox/types.ts'
import { EpcProfileFile } from './epc-profile-file.ts'

const profile = (name: string, afi: string) => `
- name: ${name}
  words: 6
  match: { afi: ${afi} }
  fields: [{ name: serial, at: 0, bits: 56, as: text }]
  box: 'LT{serial}*'
`
const good = profile('old-numbers', '0xC2')
const other = profile('new-numbers', '0xC3')
const bad = good + profile('others', '0xC2')

/** A file in a directory of its own, and gateways that start one after the other with one store. */
function place() {
  const path = join(newDir(), 'epc-profiles.yaml')
  const restored: Record<string, string> = {}
  const told: { level: number; code?: string }[] = []
  const log = pino({}, { write: (line: string) => void told.push(JSON.parse(line)) })
  const keep = ({ key, value }: Put) => {
    if (typeof value === 'string') restored[key] = value
  }
  return {
    path,
    told,
    write(text: string) {
      writeFileSync(`${path}.new`, text)
      renameSync(`${path}.new`, path)
    },
    async start() {
      const file = new EpcProfileFile({ path, restored, keep, log })
      await file.look()
      return file
    },
  }
}
const names = (file: EpcProfileFile) => file.inForce.map((p) => p.name)

test('a file that appears, and one that is changed, is in force without a restart', async () => {
  const { start, write, told } = place()
  const file = await start()
  expect([names(file), file.trouble, told]).toEqual([[], null, []])
  write(good)
  await file.look()
  expect(names(file)).toEqual(['old-numbers'])
  write(other)
  await file.look()
  expect(names(file)).toEqual(['new-numbers'])
  write('[]')
  await file.look()
  expect([names(file), file.trouble]).toEqual([[], null])
})

test('a bad file changes nothing and is told once, with its code and every error; a good one ends that', async () => {
  const { start, write, told } = place()
  write(good)
  const file = await start()
  write(bad)
  await file.look()
  await file.look()
  expect(names(file)).toEqual(['old-numbers'])
  expect(file.trouble).toMatchObject({ code: 'epc-profiles-invalid' })
  expect(file.trouble?.wrong.join()).toMatch(/may fit others/)
  expect(told.filter((t) => t.level === 50)).toMatchObject([
    { code: 'epc-profiles-invalid', inForce: ['old-numbers'] },
  ])
  write(good)
  await file.look()
  expect([names(file), file.trouble]).toEqual([['old-numbers'], null])
})

test('a start goes on with the last good ones, whatever the file says then', async () => {
  const { start, write, path } = place()
  write(good)
  await start()
  write(bad)
  const again = await start()
  expect([names(again), again.trouble?.code]).toEqual([['old-numbers'], 'epc-profiles-invalid'])
  rmSync(path)
  const gone = await start()
  expect([names(gone), gone.trouble?.code]).toEqual([['old-numbers'], 'epc-profiles-unreadable'])
  mkdirSync(path)
  const unreadable = await start()
  expect(unreadable.trouble?.wrong.join()).toMatch(/EISDIR/)
  expect(names(unreadable)).toEqual(['old-numbers'])
})

test('a bad file at the very first start leaves the gateway without profiles, and says so', async () => {
  const { start, write } = place()
  write(bad)
  const file = await start()
  expect([names(file), file.trouble?.code]).toEqual([[], 'epc-profiles-invalid'])
})
