import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { Signed } from '@lantai/contracts'
import type { Static, TSchema } from 'typebox'
import { Check } from 'typebox/value'

export type Opened<T> =
  | { ok: true; body: T }
  | { ok: false; code: 'signature-invalid' | 'edge-schema' }

/** Reads a pinned Ed25519 public key, PEM SPKI; anything else is refused. */
export function pinnedKey(pem: string): KeyObject {
  const key = createPublicKey(pem)
  if (key.asymmetricKeyType !== 'ed25519') throw new Error('the pinned key is not Ed25519')
  return key
}

/** Opens a signed message: the signature first, over the exact bytes of `body`, and only then its content. */
export function openSigned<S extends TSchema>(
  payload: Uint8Array,
  key: KeyObject,
  schema: S,
): Opened<Static<S>> {
  const envelope = parse(payload)
  if (!Check(Signed, envelope)) return { ok: false, code: 'edge-schema' }
  const sig = Buffer.from(envelope.sig, 'base64')
  if (sig.length !== 64 || !verify(null, Buffer.from(envelope.body), key, sig))
    return { ok: false, code: 'signature-invalid' }
  const body = parse(Buffer.from(envelope.body))
  return Check(schema, body) ? { ok: true, body } : { ok: false, code: 'edge-schema' }
}

/** JSON of a bounded message, or undefined. */
export function parse(payload: Uint8Array): unknown {
  if (payload.byteLength > 1_200_000) return undefined
  try {
    return JSON.parse(Buffer.from(payload).toString('utf8')) as unknown
  } catch {
    return undefined
  }
}
