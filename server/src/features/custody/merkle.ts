import { createHash } from 'node:crypto'

/**
 * RFC 6962 Merkle tree, the part that appends and proves. Leaves and nodes are hashed under different prefixes, so
 * that one can never pass for the other (rule L2). The verifier shares no code with this file (rule L8).
 */
export const leafHash = (bytes: Uint8Array): Buffer =>
  createHash('sha256')
    .update(Buffer.from([0]))
    .update(bytes)
    .digest()
export const nodeHash = (left: Uint8Array, right: Uint8Array): Buffer =>
  createHash('sha256')
    .update(Buffer.from([1]))
    .update(left)
    .update(right)
    .digest()
export const emptyRoot = (): Buffer => createHash('sha256').digest()

/** Root of the complete subtree that covers leaves [index·2^level, (index+1)·2^level). */
export interface TreeNode {
  level: number
  index: number
  hash: Buffer
}

/** Compact range of a tree: roots of its complete subtrees, the largest first. All that appending needs. */
export interface Compact {
  size: number
  peaks: readonly Buffer[]
}
export const emptyTree: Compact = { size: 0, peaks: [] }

/** O(log n) per leaf. Returns the new tree and every subtree that became complete, leaves included. */
export function append(
  tree: Compact,
  leaves: readonly Buffer[],
): { tree: Compact; nodes: TreeNode[] } {
  const peaks = [...tree.peaks]
  const nodes: TreeNode[] = []
  let size = tree.size
  for (const leaf of leaves) {
    let node: TreeNode = { level: 0, index: size, hash: leaf }
    nodes.push(node)
    while (node.index % 2 === 1) {
      const left = peaks.pop() as Buffer
      node = { level: node.level + 1, index: (node.index - 1) / 2, hash: nodeHash(left, node.hash) }
      nodes.push(node)
    }
    peaks.push(node.hash)
    size++
  }
  return { tree: { size, peaks }, nodes }
}

export const rootOf = (tree: Compact): Buffer => fold(tree.peaks)

const fold = (hashes: readonly Buffer[]): Buffer =>
  hashes.length === 0 ? emptyRoot() : hashes.reduceRight((right, left) => nodeHash(left, right))

/** Leaves [start, end) whose subtree hash is one element of a proof. */
export type Range = readonly [start: number, end: number]

/** Largest power of two below `n`, for n > 1. */
function split(n: number): number {
  let k = 1
  while (k * 2 < n) k *= 2
  return k
}

/** RFC 6962 2.1.1: PATH(index, D[size]). */
export function inclusionRanges(index: number, size: number): Range[] {
  if (index < 0 || index >= size) throw new RangeError(`no leaf ${index} in a tree of ${size}`)
  const path = (m: number, [start, end]: Range): Range[] => {
    if (end - start === 1) return []
    const middle = start + split(end - start)
    return m < middle
      ? [...path(m, [start, middle]), [middle, end]]
      : [...path(m, [middle, end]), [start, middle]]
  }
  return path(index, [0, size])
}

/** RFC 6962 2.1.2: PROOF(from, D[to]); empty from an empty tree and between equal sizes. */
export function consistencyRanges(from: number, to: number): Range[] {
  if (from < 0 || from > to) throw new RangeError(`no consistency from ${from} to ${to}`)
  if (from === 0 || from === to) return []
  const sub = (m: number, [start, end]: Range, whole: boolean): Range[] => {
    if (m === end) return whole ? [] : [[start, end]]
    const middle = start + split(end - start)
    return m <= middle
      ? [...sub(m, [start, middle], whole), [middle, end]]
      : [...sub(m, [middle, end], false), [start, middle]]
  }
  return sub(from, [0, to], true)
}

/** The complete subtrees that make up a range which starts at a border of the tree, the largest first. */
export function subtreesOf([start, end]: Range): { level: number; index: number }[] {
  const parts: { level: number; index: number }[] = []
  for (let at = start; at < end; ) {
    let level = 0
    while (at % 2 ** (level + 1) === 0 && at + 2 ** (level + 1) <= end) level++
    parts.push({ level, index: at / 2 ** level })
    at += 2 ** level
  }
  return parts
}

/** The hashes of a proof, from the stored nodes. */
export const proofOf = (
  ranges: readonly Range[],
  hashOf: (level: number, index: number) => Buffer,
): Buffer[] =>
  ranges.map((range) => fold(subtreesOf(range).map(({ level, index }) => hashOf(level, index))))
