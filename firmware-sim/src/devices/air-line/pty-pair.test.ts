import { lstatSync, readlinkSync, writeFileSync } from 'node:fs'
import { mkdtempDisposable } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { PtyPair } from './pty-pair.ts'

const soon = () => new Promise((resolve) => setImmediate(resolve, 'waits for a child'))

test('a link that cannot be made is told once the line is gone again', async () => {
  const pair = new PtyPair('/nowhere/tty', () => undefined)
  await expect(pair.plug()).rejects.toMatchObject({ code: 'ENOENT' })
  expect(pair.plugged).toBe(false)
  expect(await Promise.race([pair.end(), soon()])).toBeUndefined()
})

test('a line is plugged, ended with its link, and may be plugged again', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'pty-'))
  const link = join(dir.path, 'tty')
  const pair = new PtyPair(link, () => undefined)
  for (let round = 0; round < 2; round++) {
    await pair.plug()
    expect(readlinkSync(link)).toMatch(/^\/dev\/pts\//)
    await pair.end()
    expect(lstatSync(link, { throwIfNoEntry: false })).toBeUndefined()
  }
})

test('what stands at the path of a line that never was plugged stays', async () => {
  await using dir = await mkdtempDisposable(join(tmpdir(), 'pty-'))
  const mine = join(dir.path, 'mine')
  writeFileSync(mine, 'mine')
  await new PtyPair(mine, () => undefined).end()
  expect(lstatSync(mine).isFile()).toBe(true)
})
