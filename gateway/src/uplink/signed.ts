import { createPublicKey, type KeyObject, verify } from 'node:crypto'
import { Signed } from '@lantai/contracts'
import type { Static, TSchema } from 'typebox'
import { Check, Clean } from 'typebox/value'

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
  reading: 'strict' | 'tolerant' = 'strict',
): Opened<Static<S>> {
  const envelope = parse(payload)
  if (!Check(Signed, envelope)) return { ok: false, code: 'edge-schema' }
  const sig = Buffer.from(envelope.sig, 'base64')
  if (sig.length !== 64 || !verify(null, Buffer.from(envelope.body), key, sig))
    return { ok: false, code: 'signature-invalid' }
  const body = parse(Buffer.from(envelope.body))
  if (Check(schema, body)) return { ok: true, body }
  const known = reading === 'tolerant' ? readTolerantly(schema, body) : null
  return known === null ? { ok: false, code: 'edge-schema' } : { ok: true, body: known }
}

/**
 * A message of a server that may be newer by one (ADR 12): what it says beyond this contract is left aside. Not for
 * commands and asks: there a word that is not understood may be the one that forbids.
 */
export function readTolerantly<S extends TSchema>(schema: S, value: unknown): Static<S> | null {
  if (Check(schema, value)) return value
  const known = Clean(schema, structuredClone(value))
  return Check(schema, known) ? known : null
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
