import { createHash, type KeyObject, verify } from 'node:crypto'

export interface Checkpoint {
  origin: string
  size: number
  /** 32 bytes. */
  root: Buffer
}
export type CheckpointResult = { ok: true; checkpoint: Checkpoint } | { ok: false; why: string }

/** The raw 32 bytes of an Ed25519 public key. */
const rawKey = (key: KeyObject): Buffer =>
  Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url')

/** Key id of a signed note: SHA-256 of name, newline, 0x01 (Ed25519) and key, first four bytes (C2SP). */
export const keyHash = (name: string, key: KeyObject): Buffer =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.of(1))
    .update(rawKey(key))
    .digest()
    .subarray(0, 4)

/** Verifies a C2SP signed note by one Ed25519 key; gives its text with the closing newline, or null. */
export function openNote(note: string, key: KeyObject): string | null {
  const split = note.lastIndexOf('\n\n')
  if (split < 0 || !note.endsWith('\n')) return null
  const text = note.slice(0, split + 1)
  const lines = note.slice(split + 2, -1).split('\n')
  for (const line of lines) {
    const m = /^— ([^\s+]+) ([A-Za-z0-9+/]+={0,2})$/.exec(line)
    if (!m) return null
    const bytes = Buffer.from(m[2] ?? '', 'base64')
    if (bytes.length !== 68 || !bytes.subarray(0, 4).equals(keyHash(m[1] ?? '', key))) continue
    return verify(null, Buffer.from(text), key, bytes.subarray(4)) ? text : null
  }
  return null
}

/** Opens a C2SP checkpoint: origin, size, base64 root, each on its line, in a signed note (L5). */
export function openCheckpoint(note: string, key: KeyObject): CheckpointResult {
  const text = openNote(note, key)
  if (text === null) return { ok: false, why: 'signature of the checkpoint is not valid' }
  const [origin, size, root] = text.split('\n')
  if (!origin || !/^(0|[1-9]\d{0,15})$/.test(size ?? ''))
    return { ok: false, why: 'checkpoint is malformed' }
  const bytes = Buffer.from(root ?? '', 'base64')
  if (bytes.length !== 32 || bytes.toString('base64') !== root)
    return { ok: false, why: 'checkpoint is malformed' }
  return { ok: true, checkpoint: { origin, size: Number(size), root: bytes } }
}
