/**
 * The verifier (rule L8): needs an entry's proof and the log's public key, no network and no database, and shares
 * no code with what makes the proofs. It answers null when everything holds, else the first thing that does not.
 */
import { createHash, createPublicKey, type KeyObject, verify as verifySignature } from 'node:crypto'

export interface Checkpoint {
  origin: string
  size: number
  root: Buffer
}
export type Opened = { ok: true; checkpoint: Checkpoint } | { ok: false; wrong: string }

const hash = (...parts: Uint8Array[]) => {
  const h = createHash('sha256')
  for (const part of parts) h.update(part)
  return h.digest()
}
const LEAF = Uint8Array.of(0)
const NODE = Uint8Array.of(1)
const canonicalBase64 = (text: string, bytes: number): Buffer | null => {
  const b = Buffer.from(text, 'base64')
  return b.length === bytes && b.toString('base64') === text ? b : null
}

interface VerifierKey {
  name: string
  /** Four bytes that tell keys apart. */
  id: Buffer
  key: KeyObject
}

/** A C2SP verifier key, `name+id+key`, of Ed25519; a text says what is wrong. */
function openKey(text: string): VerifierKey | string {
  // The base64 of the key may itself hold a plus.
  const m = /^([^+]+)\+([0-9a-f]{8})\+([A-Za-z0-9+/=]+)$/.exec(text)
  const [, name, id, key64] = m ?? []
  if (!name || !id || !key64) return 'not a verifier key'
  const typed = canonicalBase64(key64, 33)
  if (typed?.[0] !== 1) return 'not an Ed25519 verifier key'
  const expected = hash(Buffer.from(`${name}\n`), typed).subarray(0, 4)
  if (expected.toString('hex') !== id) return 'the key id does not fit'
  const x = typed.subarray(1).toString('base64url')
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
  return { name, id: expected, key }
}

/** Reads a C2SP signed note and checks its Ed25519 signature with a verifier key `name+id+key`. */
export function openCheckpoint(note: string, verifierKey: string): Opened {
  const no = (wrong: string): Opened => ({ ok: false, wrong })
  const m =
    /^([^\n]+)\n(0|[1-9]\d{0,15})\n([A-Za-z0-9+/=]{44})\n\n((?:— \S+ [A-Za-z0-9+/=]+\n){1,4})$/.exec(
      note,
    )
  if (!m) return no('not a checkpoint')
  const [, origin = '', size = '', root64 = '', signatures = ''] = m
  const by = openKey(verifierKey)
  if (typeof by === 'string') return no(by)
  const root = canonicalBase64(root64, 32)
  // More than one while the key is being changed.
  const lines = signatures
    .trimEnd()
    .split('\n')
    .map((line) => line.split(' '))
  if (origin !== by.name || lines.some(([, name]) => name !== by.name))
    return no('the checkpoint is of another log')
  const blobs = lines.map(([, , sig64 = '']) => canonicalBase64(sig64, 68))
  if (!root || blobs.includes(null)) return no('not a checkpoint')
  const blob = blobs.find((b) => b?.subarray(0, 4).equals(by.id))
  if (!blob) return no('the key id does not fit')
  const text = Buffer.from(note.slice(0, note.indexOf('\n\n') + 1))
  if (!verifySignature(null, text, by.key, blob.subarray(4)))
    return no('the signature does not fit')
  return { ok: true, checkpoint: { origin, size: Number(size), root } }
}

/**
 * The verifier key that a log goes on with behind an entry that changes it from this one; null where the entry is another
 * one, or is not signed by both keys (rule L5). Whether the entry is in the log is not asked here.
 */
export function keyAfter(leaf: Uint8Array, verifierKey: string): string | null {
  const { event, object } = contentOf(leaf)
  const { from, to, signedByFrom, signedByTo } = (object ?? {}) as Record<string, unknown>
  if (event !== 'key.changed' || from !== verifierKey || typeof to !== 'string') return null
  const [older, newer] = [openKey(verifierKey), openKey(to)]
  if (typeof older === 'string' || typeof newer === 'string' || older.name !== newer.name)
    return null
  const text = Buffer.from(`lantai key change\n${from}\n${to}\n`)
  const holds = (signature: unknown, { key }: VerifierKey) => {
    const bytes = typeof signature === 'string' ? canonicalBase64(signature, 64) : null
    return bytes !== null && verifySignature(null, text, key, bytes)
  }
  return holds(signedByFrom, older) && holds(signedByTo, newer) ? to : null
}

function contentOf(leaf: Uint8Array): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(Buffer.from(leaf).toString('utf8'))
    return value !== null && typeof value === 'object' ? (value as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

/** RFC 9162 2.1.3.2. */
export function verifyInclusion(
  leaf: Uint8Array,
  index: number,
  size: number,
  proof: readonly Uint8Array[],
  root: Uint8Array,
): boolean {
  if (!Number.isSafeInteger(index) || index < 0 || index >= size) return false
  let fn = index
  let sn = size - 1
  let r = hash(LEAF, leaf)
  for (const p of proof) {
    if (p.length !== 32 || sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      r = hash(NODE, p, r)
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2)
        sn = Math.floor(sn / 2)
      }
    } else r = hash(NODE, r, p)
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  return sn === 0 && r.equals(root)
}

/** RFC 9162 2.1.4.2. */
export function verifyConsistency(
  from: { size: number; root: Uint8Array },
  to: { size: number; root: Uint8Array },
  proof: readonly Uint8Array[],
): boolean {
  if (from.size > to.size || proof.some((p) => p.length !== 32)) return false
  if (from.size === to.size) return proof.length === 0 && Buffer.from(from.root).equals(to.root)
  if (from.size === 0) return proof.length === 0
  const powerOfTwo = Number.isInteger(Math.log2(from.size))
  const [first, ...rest] = powerOfTwo ? [from.root, ...proof] : proof
  if (!first) return false
  let fn = from.size - 1
  let sn = to.size - 1
  while (fn % 2 === 1) {
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  let fr = Buffer.from(first)
  let sr = Buffer.from(first)
  for (const c of rest) {
    if (sn === 0) return false
    if (fn % 2 === 1 || fn === sn) {
      fr = hash(NODE, c, fr)
      sr = hash(NODE, c, sr)
      while (fn % 2 === 0 && fn !== 0) {
        fn = Math.floor(fn / 2)
        sn = Math.floor(sn / 2)
      }
    } else sr = hash(NODE, sr, c)
    fn = Math.floor(fn / 2)
    sn = Math.floor(sn / 2)
  }
  return fr.equals(from.root) && sr.equals(to.root) && sn === 0
}

/** What `/api/custody/entries/:index/proof` hands out. */
export interface EntryProof {
  index: number
  size: number
  leaf: string
  proof: string[]
  checkpoint: string
}

/** Null when the entry is in the signed log, else what is wrong. */
export function verifyEntry(p: EntryProof, verifierKey: string): string | null {
  const opened = openCheckpoint(p.checkpoint, verifierKey)
  if (!opened.ok) return opened.wrong
  if (opened.checkpoint.size !== p.size) return 'the proof is for another size'
  const leaf = Buffer.from(p.leaf, 'base64')
  if (leaf.toString('base64') !== p.leaf) return 'the leaf is not base64'
  const proof = p.proof.map((h) => canonicalBase64(h, 32))
  if (proof.some((h) => h === null)) return 'the proof is not base64'
  return verifyInclusion(leaf, p.index, p.size, proof as Buffer[], opened.checkpoint.root)
    ? null
    : 'the entry is not in this log'
}
