import { generateKeyPairSync } from 'node:crypto'
import { expect, test } from 'vitest'
import { keyChange, originOf, signCheckpoint, verifierKey } from './checkpoint.ts'
import { append, emptyTree, inclusionRanges, leafHash, proofOf, rootOf } from './merkle.ts'
import { type EntryProof, keyAfter, openCheckpoint, verifyEntry } from './verify.ts'

const { privateKey: key } = generateKeyPairSync('ed25519')
const origin = originOf('demo', 1)
const vkey = verifierKey(origin, key)
const leaves = ['a', 'b', 'c', 'd', 'e'].map((l) => Buffer.from(l))
const { tree, nodes } = append(
  emptyTree,
  leaves.map((l) => leafHash(l)),
)
const hashOf = (level: number, index: number) =>
  nodes.find((n) => n.level === level && n.index === index)?.hash as Buffer
const checkpoint = signCheckpoint(origin, { size: tree.size, root: rootOf(tree) }, key)
const proof: EntryProof = {
  index: 2,
  size: 5,
  leaf: (leaves[2] as Buffer).toString('base64'),
  proof: proofOf(inclusionRanges(2, 5), hashOf).map((h) => h.toString('base64')),
  checkpoint,
}

test('L8 an entry with its proof and checkpoint is accepted without network or database', () => {
  expect(verifyEntry(proof, vkey)).toBeNull()
})

test('L8 each byte of the checkpoint changed, in each of several ways, is refused', () => {
  const bytes = Buffer.from(checkpoint)
  for (let i = 0; i < bytes.length; i++)
    for (const flip of [1, 2, 0x20, 0x80]) {
      const bad = Buffer.from(bytes)
      bad[i] = (bad[i] as number) ^ flip
      expect(openCheckpoint(bad.toString('latin1'), vkey).ok, `byte ${i}`).toBe(false)
      expect(
        verifyEntry({ ...proof, checkpoint: bad.toString() }, vkey),
        `byte ${i}`,
      ).not.toBeNull()
    }
})

test('L8 each character of leaf and proof changed is refused', () => {
  const change = (text: string, i: number) =>
    text.slice(0, i) + (text[i] === 'A' ? 'B' : 'A') + text.slice(i + 1)
  for (let i = 0; i < proof.leaf.length; i++)
    expect(verifyEntry({ ...proof, leaf: change(proof.leaf, i) }, vkey)).not.toBeNull()
  proof.proof.forEach((hash, p) => {
    for (let i = 0; i < hash.length; i++) {
      const bad = proof.proof.map((h, j) => (j === p ? change(h, i) : h))
      expect(verifyEntry({ ...proof, proof: bad }, vkey), `${p}/${i}`).not.toBeNull()
    }
  })
})

test('another key, another log, another size or index is refused', () => {
  const other = generateKeyPairSync('ed25519').privateKey
  expect(openCheckpoint(checkpoint, verifierKey(origin, other)).ok).toBe(false)
  expect(openCheckpoint(checkpoint, verifierKey(originOf('other', 1), key)).ok).toBe(false)
  expect(verifyEntry({ ...proof, size: 4 }, vkey)).not.toBeNull()
  expect(verifyEntry({ ...proof, index: 3 }, vkey)).not.toBeNull()
})

test('L5 a change of the key holds only with the word of both, for this log and from this key', () => {
  const { privateKey: next } = generateKeyPairSync('ed25519')
  const good = keyChange(origin, key, next)
  const after = (object: object, event = 'key.changed') =>
    keyAfter(Buffer.from(JSON.stringify({ event, object })), vkey)
  expect(after(good)).toBe(verifierKey(origin, next))
  const { privateKey: other } = generateKeyPairSync('ed25519')
  const { signedByFrom, signedByTo } = keyChange(origin, other, next)
  const to = verifierKey(origin, other)
  const bad: object[] = [
    {},
    { ...good, signedByFrom },
    { ...good, signedByTo },
    { ...good, signedByTo: good.signedByFrom },
    { ...good, to },
    keyChange(origin, other, next),
    keyChange(originOf('other', 1), key, next),
  ]
  expect(bad.map((object) => after(object))).toEqual(bad.map(() => null))
  expect(after(good, 'box.moved')).toBeNull()
  expect(keyAfter(Buffer.from('no JSON'), vkey)).toBeNull()
})

test('L5 a checkpoint of both keys opens with either, and with no third', () => {
  const { privateKey: next } = generateKeyPairSync('ed25519')
  const head = { size: tree.size, root: rootOf(tree) }
  const both = signCheckpoint(origin, head, key, next)
  expect(openCheckpoint(both, vkey).ok).toBe(true)
  expect(openCheckpoint(both, verifierKey(origin, next)).ok).toBe(true)
  const third = verifierKey(origin, generateKeyPairSync('ed25519').privateKey)
  expect(openCheckpoint(both, third).ok).toBe(false)
  expect(openCheckpoint(both.replace('\n5\n', '\n4\n'), vkey).ok).toBe(false)
})
