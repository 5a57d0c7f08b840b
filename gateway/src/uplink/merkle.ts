import { createHash } from 'node:crypto'

/** RFC 6962: a node is prefixed 0x01, so that no leaf can pose as one (L2). */
const node = (left: Buffer, right: Buffer): Buffer =>
  createHash('sha256').update(Buffer.of(1)).update(left).update(right).digest()

const odd = (n: number) => n % 2 === 1
const half = (n: number) => Math.floor(n / 2)
const isPowerOfTwo = (n: number) => Number.isInteger(Math.log2(n))

/**
 * True when the tree of `second` leaves begins with the tree of `first` leaves (RFC 9162 2.1.4.2). Every part
 * of the proof is used; one that is too long or too short is false.
 */
export function isConsistent(
  first: number,
  second: number,
  firstRoot: Buffer,
  secondRoot: Buffer,
  proof: readonly Buffer[],
): boolean {
  if (first > second || proof.some((p) => p.length !== 32)) return false
  if (first === second) return proof.length === 0 && firstRoot.equals(secondRoot)
  if (first === 0) return proof.length === 0
  const [start, ...path] = isPowerOfTwo(first) ? [firstRoot, ...proof] : proof
  if (!start) return false
  let fn = first - 1
  let sn = second - 1
  for (; odd(fn); fn = half(fn)) sn = half(sn)
  let fr = start
  let sr = start
  for (const c of path) {
    if (sn === 0) return false
    if (odd(fn) || fn === sn) {
      fr = node(c, fr)
      sr = node(c, sr)
      for (; !odd(fn) && fn !== 0; fn = half(fn)) sn = half(sn)
    } else {
      sr = node(sr, c)
    }
    fn = half(fn)
    sn = half(sn)
  }
  return sn === 0 && fr.equals(firstRoot) && sr.equals(secondRoot)
}
