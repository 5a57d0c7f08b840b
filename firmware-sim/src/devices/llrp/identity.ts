/** Key and self-signed certificate of a secured reader, made when it is first asked for. */
import { generateKeyPairSync, randomBytes, sign } from 'node:crypto'

export interface Identity {
  readonly cert: string
  readonly key: string
}

const bytes = (hex: string) => Buffer.from(hex, 'hex')
const oid = {
  ecdsaSha256: bytes('2a8648ce3d040302'),
  commonName: bytes('550403'),
  subjectAltName: bytes('551d11'),
}
const tag = {
  integer: 0x02,
  bits: 0x03,
  octets: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  utcTime: 0x17,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
  dnsName: 0x82,
  ipAddress: 0x87,
} as const

/** DER of X.509 (RFC 5280), as much of it as one certificate needs. */
function der(t: number, ...parts: Uint8Array[]): Buffer {
  const body = Buffer.concat(parts)
  const size =
    body.length < 128
      ? [body.length]
      : body.length < 256
        ? [0x81, body.length]
        : [0x82, body.length >> 8, body.length & 0xff]
  return Buffer.concat([Buffer.from([t, ...size]), body])
}
const sequence = (...parts: Uint8Array[]) => der(tag.sequence, ...parts)
const bitString = (content: Uint8Array) => der(tag.bits, Buffer.from([0]), content)
const text = (t: number, value: string) => der(t, Buffer.from(value))
const time = (ms: number) =>
  text(tag.utcTime, `${new Date(ms).toISOString().replace(/[-:T]/g, '').slice(2, 14)}Z`)

/** For `localhost` and 127.0.0.1, from yesterday for ten years. */
export function selfSigned(commonName: string, nowMs: number): Identity {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const algorithm = sequence(der(tag.oid, oid.ecdsaSha256))
  const name = sequence(
    der(tag.set, sequence(der(tag.oid, oid.commonName), text(tag.utf8, commonName))),
  )
  const names = sequence(
    text(tag.dnsName, 'localhost'),
    der(tag.ipAddress, Buffer.from([127, 0, 0, 1])),
  )
  const dayMs = 86_400_000
  const body = sequence(
    der(tag.version, der(tag.integer, Buffer.from([2]))),
    // A leading 01 keeps the number positive.
    der(tag.integer, Buffer.from([1]), randomBytes(8)),
    algorithm,
    name,
    sequence(time(nowMs - dayMs), time(nowMs + 3650 * dayMs)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      tag.extensions,
      sequence(sequence(der(tag.oid, oid.subjectAltName), der(tag.octets, names))),
    ),
  )
  const whole = sequence(body, algorithm, bitString(sign('sha256', body, privateKey)))
  const lines = whole.toString('base64').replace(/.{1,64}/g, '$&\n')
  return {
    cert: `-----BEGIN CERTIFICATE-----\n${lines}-----END CERTIFICATE-----\n`,
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  }
}
