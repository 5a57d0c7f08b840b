import { spawnSync } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, expect, test } from 'vitest'
import { originOf, signCheckpoint, verifierKey } from './checkpoint.ts'
import {
  append,
  consistencyRanges,
  emptyTree,
  inclusionRanges,
  leafHash,
  proofOf,
  rootOf,
} from './merkle.ts'
import { verifyFile } from './verify-file.ts'

const { privateKey } = generateKeyPairSync('ed25519')
const origin = originOf('demo', 1)
const key = verifierKey(origin, privateKey)

/** A log of so many entries, and what its server would hand out; `changed` is another second entry. */
function logOf(size: number, changed = '') {
  const leaves = Array.from({ length: size }, (_, n) =>
    Buffer.from(JSON.stringify({ v: 1, event: 'box.moved', n, ...(n === 1 ? { changed } : {}) })),
  )
  const { tree, nodes } = append(
    emptyTree,
    leaves.map((l) => leafHash(l)),
  )
  const hashOf = (level: number, index: number) =>
    nodes.find((n) => n.level === level && n.index === index)?.hash as Buffer
  const base64 = (hashes: readonly Buffer[]) => hashes.map((h) => h.toString('base64'))
  const checkpoint = signCheckpoint(origin, { size, root: rootOf(tree) }, privateKey)
  return {
    checkpoint,
    head: { checkpoint, publicKey: key, size, witnesses: [] },
    entry: (index: number) => ({
      ...{ index, size, leaf: (leaves[index] as Buffer).toString('base64') },
      ...{ proof: base64(proofOf(inclusionRanges(index, size), hashOf)), checkpoint },
    }),
    consistency: (from: number) => ({
      ...{ from, to: size, proof: base64(proofOf(consistencyRanges(from, size), hashOf)) },
    }),
  }
}
const log = logOf(7)
const older = logOf(3)
const lines = (...values: object[]) => values.map((v) => `${JSON.stringify(v)}\n`).join('')
const wrongs = (text: string, trust = {}) =>
  verifyFile(text, { key, ...trust }).findings.map((f) => f.wrong)

test('L8 a file of answers holds: one, a list, or one a line, and what each entry says is shown', () => {
  const { findings } = verifyFile(lines(log.entry(2), log.entry(6)), { key })
  expect(findings).toMatchObject([
    { nth: 1, what: 'entry', index: 2, size: 7, wrong: null, says: { n: 2 } },
    { nth: 2, what: 'entry', index: 6, size: 7, wrong: null, says: { n: 6 } },
  ])
  expect(wrongs(JSON.stringify(log.entry(0), null, 2))).toEqual([null])
  expect(wrongs(JSON.stringify([log.entry(0), log.head]))).toEqual([null, null])
})

test('L8 each byte of a file changed is found', () => {
  const { checkpoint, publicKey, size } = older.head
  const text = lines(log.entry(2), log.consistency(3), { checkpoint, publicKey, size })
  const said = (of: string) =>
    of
      .trim()
      .split('\n')
      .map((l) => JSON.parse(l) as object)
  expect(wrongs(text)).toEqual([null, null, null])
  const bytes = Buffer.from(text)
  for (let i = 0; i < bytes.length; i++)
    for (const flip of [1, 2, 0x20]) {
      const bad = Buffer.from(bytes)
      bad[i] = (bad[i] as number) ^ flip
      const now = bad.toString()
      // Where all still holds, it is the same said in other bytes: an escape in place of a letter.
      if (wrongs(now).every((w) => w === null)) expect(said(now), `byte ${i}`).toEqual(said(text))
    }
})

test('L8 the entry and the first thing that is wrong with it are named', () => {
  const { proof, ...rest } = log.entry(1)
  expect(
    verifyFile(lines(log.entry(2), { ...rest, proof, index: 4 }), { key }).findings[1],
  ).toEqual({ nth: 2, what: 'entry', index: 4, size: 7, wrong: 'the entry is not in this log' })
  expect(wrongs(lines(log.entry(2), rest))).toEqual([null, 'index, size, leaf or proof is missing'])
  expect(wrongs(lines({ hello: 1 }))).toEqual(['no answer of the custody routes'])
  expect(wrongs('')).toEqual(['no JSON at line 1, byte 0'])
  expect(wrongs('[]')).toEqual(['the file is empty'])
})

test('L8 what is no JSON is named by its line and byte', () => {
  const good = lines(log.entry(2))
  const bytes = Buffer.byteLength(good)
  const cut = `${good}${good.slice(0, 40)}`
  expect(wrongs(cut)).toEqual([`no JSON at line 2, byte ${bytes + 27}`])
  expect(wrongs(`${good}{"一":x}`)).toEqual([`no JSON at line 2, byte ${bytes + 7}`])
  expect(wrongs('{\n"a": }')).toEqual(['no JSON at line 2, byte 7'])
})

test('L8 two logs under one key are found: another root of the same size, and one that does not go on', () => {
  const forged = logOf(7, 'forged')
  expect(wrongs(lines(log.entry(2), forged.entry(2)))).toEqual([
    null,
    'another checkpoint of 7 entries has another root',
  ])
  expect(wrongs(lines(older.head, log.consistency(3), log.head))).toEqual([null, null, null])
  expect(wrongs(lines(older.head, forged.consistency(3), forged.head))).toEqual([
    null,
    'the log of 7 entries does not go on from that of 3',
    null,
  ])
})

test('L8 a checkpoint that was kept elsewhere must be proven to go on to the newest of the file', () => {
  const kept = older.checkpoint
  expect(wrongs(lines(log.entry(2), log.consistency(3)), { kept })).toEqual([null, null, null])
  expect(wrongs(lines(log.entry(2)), { kept })).toEqual([
    'the file does not prove how the log went on from 3 entries to 7',
    null,
  ])
  expect(wrongs(lines(log.entry(2)), { kept: log.checkpoint })).toEqual([null, null])
  const forged = logOf(7, 'forged')
  expect(wrongs(lines(forged.entry(2)), { kept: log.checkpoint })[1]).toMatch(/another root/)
})

test('L8 the file’s own key is used where no other is given, and that is said; another one refuses all', () => {
  const text = lines(log.head, log.entry(2))
  expect(verifyFile(text)).toMatchObject({ ownKey: true, key })
  expect(verifyFile(text, { key })).toMatchObject({ ownKey: false })
  const other = verifierKey(origin, generateKeyPairSync('ed25519').privateKey)
  expect(wrongs(text, { key: other })).toEqual([
    'the key id does not fit',
    'the key id does not fit',
  ])
  expect(verifyFile(lines(log.entry(2))).findings[0]?.wrong).toBe('no verifier key is known')
})

test('L8 the command and what it uses import Node and each other, nothing else', () => {
  const imports = ['verify-main.ts', 'verify-file.ts', 'broken-json.ts', 'verify.ts'].flatMap(
    (name) => {
      const text = readFileSync(new URL(name, import.meta.url), 'utf8')
      return [...text.matchAll(/from '([^']+)'/g)].map((m) => m[1] ?? '')
    },
  )
  expect(
    imports.filter((i) => !/^(node:[a-z]+|\.\/verify(-file)?\.ts|\.\/broken-json\.ts)$/.test(i)),
  ).toEqual([])
})

const dir = mkdtempSync(join(tmpdir(), 'lantai-verify-'))
afterAll(() => rmSync(dir, { recursive: true }))

test('L8 the command tells by its exit code, and what does not hold', () => {
  const main = fileURLToPath(new URL('verify-main.ts', import.meta.url))
  const file = (name: string, content: string | Buffer) => {
    writeFileSync(join(dir, name), content)
    return join(dir, name)
  }
  const run = (...args: string[]) => {
    const { status, stdout } = spawnSync(process.execPath, [main, ...args], { encoding: 'utf8' })
    return { status, said: stdout }
  }
  const good = file('good', lines(log.entry(2), log.consistency(3)))
  const kept = file('kept', older.checkpoint)
  expect(run(good, '--key', key, '--kept', kept).status).toBe(0)
  expect(run(good, '--key', file('key', `${key}\n`), '--kept', kept).status).toBe(0)
  const bad = run(file('bad', lines({ ...log.entry(2), index: 3 })), '--key', key)
  expect(bad).toMatchObject({ status: 1, said: expect.stringContaining('not in this log') })
  const bytes = Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff]), Buffer.from('"}')])
  expect(run(file('bytes', bytes), '--key', key).status).toBe(1)
  expect(run(join(dir, 'none'), '--key', key).status).toBe(66)
  expect(run().status).toBe(64)
})
