import { createHash, createPublicKey, type KeyObject, sign } from 'node:crypto'

/** The log's name in its checkpoints, and the name of its key (C2SP tlog-checkpoint). */
export const originOf = (site: string, log: number): string => `lantai/${site}/custody/${log}`

function rawPublic(key: KeyObject): Buffer {
  const jwk = createPublicKey(key).export({ format: 'jwk' })
  return Buffer.from(jwk.x as string, 'base64url')
}

const ED25519 = 1

/** First four bytes of SHA-256 over name, newline, type and key: tells keys apart, proves nothing. */
const keyId = (name: string, raw: Buffer): Buffer =>
  createHash('sha256')
    .update(`${name}\n`)
    .update(Buffer.from([ED25519]))
    .update(raw)
    .digest()
    .subarray(0, 4)

/** The C2SP verifier key of a log, `name+id+key`. */
export function verifierKey(origin: string, key: KeyObject): string {
  const raw = rawPublic(key)
  const typed = Buffer.concat([Buffer.from([ED25519]), raw]).toString('base64')
  return `${origin}+${keyId(origin, raw).toString('hex')}+${typed}`
}

/** A signed note over origin, size and root: the tree head that witnesses keep (rule L5). A line for each key. */
export function signCheckpoint(
  origin: string,
  head: { size: number; root: Buffer },
  ...keys: readonly KeyObject[]
): string {
  const text = `${origin}\n${head.size}\n${head.root.toString('base64')}\n`
  const lines = keys.map((key) => {
    const signature = sign(null, Buffer.from(text), key)
    const blob = Buffer.concat([keyId(origin, rawPublic(key)), signature]).toString('base64')
    return `— ${origin} ${blob}\n`
  })
  return `${text}\n${lines.join('')}`
}

/** What an entry says that changes the key: verifier keys, and both keys' word for it (rule L5). */
export interface KeyChange extends Record<string, string> {
  from: string
  to: string
  signedByFrom: string
  signedByTo: string
}

export function keyChange(origin: string, from: KeyObject, to: KeyObject): KeyChange {
  const names = { from: verifierKey(origin, from), to: verifierKey(origin, to) }
  const text = Buffer.from(`lantai key change\n${names.from}\n${names.to}\n`)
  const signed = (key: KeyObject) => sign(null, text, key).toString('base64')
  return { ...names, signedByFrom: signed(from), signedByTo: signed(to) }
}
