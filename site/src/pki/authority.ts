/** A certificate authority of this store alone: it vouches for broker, server and gateways (reliability 4.2). */
import { webcrypto } from 'node:crypto'
import './reflect-metadata.ts'
import * as x509 from '@peculiar/x509'

type CryptoKey = webcrypto.CryptoKey
const crypto = webcrypto
x509.cryptoProvider.set(crypto)

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const
const day = 86_400_000
const lifetimeDays = { authority: 3650, leaf: 397 } as const
/** A clock that is a little behind must still accept what was just issued. */
const backdated = day

/** Certificate and private key, both PEM. */
export interface Credential {
  readonly cert: string
  readonly key: string
}

export type LeafKind = 'server' | 'client'

const keyPem = async (key: CryptoKey) =>
  x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', key), 'PRIVATE KEY')

async function importKey(pem: string): Promise<CryptoKey> {
  const [der] = x509.PemConverter.decode(pem)
  if (!der) throw new Error('no private key in the file')
  return crypto.subtle.importKey('pkcs8', der, algorithm, true, ['sign'])
}

const serial = () => Buffer.from(crypto.getRandomValues(new Uint8Array(16))).toString('hex')

export async function createAuthority(now: number): Promise<Credential> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const cert = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: serial(),
    name: 'CN=Lantai local authority',
    notBefore: new Date(now - backdated),
    notAfter: new Date(now + lifetimeDays.authority * day),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  })
  return { cert: cert.toString('pem'), key: await keyPem(keys.privateKey) }
}

const usage = { server: '1.3.6.1.5.5.7.3.1', client: '1.3.6.1.5.5.7.3.2' } as const

/** A certificate for `name`. A server certificate is good for the loopback only. */
export async function issue(
  authority: Credential,
  name: string,
  kind: LeafKind,
  now: number,
): Promise<Credential> {
  const ca = new x509.X509Certificate(authority.cert)
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify'])
  const loopback = [
    { type: 'dns', value: 'localhost' },
    { type: 'ip', value: '127.0.0.1' },
    { type: 'ip', value: '::1' },
  ] as const
  const cert = await x509.X509CertificateGenerator.create({
    serialNumber: serial(),
    subject: `CN=${name}`,
    issuer: ca.subject,
    notBefore: new Date(now - backdated),
    notAfter: new Date(Math.min(now + lifetimeDays.leaf * day, ca.notAfter.getTime())),
    signingAlgorithm: algorithm,
    publicKey: keys.publicKey,
    signingKey: await importKey(authority.key),
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
      new x509.ExtendedKeyUsageExtension([usage[kind]], true),
      await x509.AuthorityKeyIdentifierExtension.create(ca),
      ...(kind === 'server' ? [new x509.SubjectAlternativeNameExtension([...loopback])] : []),
    ],
  })
  return { cert: cert.toString('pem'), key: await keyPem(keys.privateKey) }
}

/** Days until a certificate ends. */
export const daysLeft = (pem: string, now: number) =>
  (new x509.X509Certificate(pem).notAfter.getTime() - now) / day

/** True when `authority` has signed `pem`. */
export const signedBy = (pem: string, authority: string) =>
  new x509.X509Certificate(pem).verify({
    publicKey: new x509.X509Certificate(authority).publicKey,
    signatureOnly: true,
  })
