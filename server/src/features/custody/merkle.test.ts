import fc from 'fast-check'
import { expect, test } from 'vitest'
import {
  append,
  consistencyRanges,
  emptyRoot,
  emptyTree,
  inclusionRanges,
  leafHash,
  nodeHash,
  proofOf,
  rootOf,
} from './merkle.ts'
import { verifyConsistency, verifyInclusion } from './verify.ts'

/** RFC 6962 2.1 word for word: slow, and right by reading. */
function naiveRoot(leaves: Buffer[]): Buffer {
  if (leaves.length === 0) return emptyRoot()
  const [only] = leaves
  if (leaves.length === 1 && only) return leafHash(only)
  let k = 1
  while (k * 2 < leaves.length) k *= 2
  return nodeHash(naiveRoot(leaves.slice(0, k)), naiveRoot(leaves.slice(k)))
}

const leaf = (n: number) => Buffer.from(`leaf ${n}`)
const leavesOf = (n: number) => Array.from({ length: n }, (_, i) => leaf(i))

function grow(n: number) {
  const { tree, nodes } = append(
    emptyTree,
    leavesOf(n).map((l) => leafHash(l)),
  )
  const stored = new Map(nodes.map((node) => [`${node.level}/${node.index}`, node.hash]))
  const hashOf = (level: number, index: number) => {
    const hash = stored.get(`${level}/${index}`)
    if (!hash) throw new Error(`node ${level}/${index} was not stored`)
    return hash
  }
  return { tree, hashOf, root: rootOf(tree) }
}
const size = fc.integer({ min: 1, max: 70 })

test('L2 the known answers of RFC 6962 test vectors: empty tree and one empty leaf', () => {
  expect(emptyRoot().toString('hex')).toBe(
    'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
  )
  expect(leafHash(Buffer.alloc(0)).toString('hex')).toBe(
    '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  )
})

test('L2 appending in any batches gives the root of the naive tree', () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { maxLength: 12 }), (batches) => {
      let tree = emptyTree
      let n = 0
      for (const batch of batches) {
        const hashes = Array.from({ length: batch }, (_, i) => leafHash(leaf(n + i)))
        tree = append(tree, hashes).tree
        n += batch
      }
      expect(tree.size).toBe(n)
      expect(rootOf(tree)).toEqual(naiveRoot(leavesOf(n)))
    }),
  )
})

test('every inclusion proof of every tree is accepted', () => {
  fc.assert(
    fc.property(size, fc.nat(), (n, i) => {
      const { hashOf, root } = grow(n)
      const index = i % n
      const proof = proofOf(inclusionRanges(index, n), hashOf)
      expect(verifyInclusion(leaf(index), index, n, proof, root)).toBe(true)
    }),
  )
})

test('L8 an inclusion proof with any byte changed, another leaf, index or size is refused', () => {
  fc.assert(
    fc.property(size, fc.nat(), fc.integer({ min: 1, max: 255 }), (n, i, flip) => {
      const { hashOf, root } = grow(n)
      const index = i % n
      const proof = proofOf(inclusionRanges(index, n), hashOf)
      proof.forEach((hash, p) => {
        for (let b = 0; b < hash.length; b++) {
          const bad = proof.map((h) => Buffer.from(h))
          const target = bad[p] as Buffer
          target[b] = (target[b] as number) ^ flip
          expect(verifyInclusion(leaf(index), index, n, bad, root)).toBe(false)
        }
      })
      expect(verifyInclusion(leaf(index + 1), index, n, proof, root)).toBe(false)
      expect(verifyInclusion(leaf(index), index + 1, n, proof, root)).toBe(false)
      expect(verifyInclusion(leaf(index), index, n, proof.slice(1), root)).toBe(proof.length === 0)
      expect(verifyInclusion(leaf(index), index, n, [...proof, root], root)).toBe(false)
    }),
    { numRuns: 30 },
  )
})

test('a node can never pass for a leaf: the prefixes differ', () => {
  const { hashOf, root } = grow(2)
  const forged = Buffer.concat([hashOf(0, 0), hashOf(0, 1)])
  expect(verifyInclusion(forged, 0, 1, [], root)).toBe(false)
})

test('every consistency proof is accepted; with any byte changed or another root it is refused (L8)', () => {
  fc.assert(
    fc.property(size, fc.nat(), fc.integer({ min: 1, max: 255 }), (n, m, flip) => {
      const from = m % (n + 1)
      const { hashOf, root } = grow(n)
      const old = { size: from, root: naiveRoot(leavesOf(from)) }
      const now = { size: n, root }
      const proof = proofOf(consistencyRanges(from, n), hashOf)
      expect(verifyConsistency(old, now, proof)).toBe(true)
      proof.forEach((hash, p) => {
        for (const b of [0, 15, 31]) {
          const bad = proof.map((h) => Buffer.from(h))
          ;(bad[p] as Buffer)[b] = (hash[b] as number) ^ flip
          expect(verifyConsistency(old, now, bad)).toBe(false)
        }
      })
      const other = leafHash(Buffer.from('other'))
      if (from > 0) expect(verifyConsistency({ ...old, root: other }, now, proof)).toBe(false)
      if (from > 0) expect(verifyConsistency(old, { ...now, root: other }, proof)).toBe(false)
      if (from > 0 && from < n) expect(verifyConsistency(old, now, proof.slice(1))).toBe(false)
    }),
    { numRuns: 60 },
  )
})
