import { generateKeyPairSync, sign } from 'node:crypto'
import { Roster, VirtualClock } from '@lantai/contracts'
import { expect, test } from 'vitest'
import { Nonces } from './nonces.ts'
import { RosterKeeper } from './roster.ts'
import { openSigned, pinnedKey } from './signed.ts'

const pair = generateKeyPairSync('ed25519')
const roster = (version: number, gateway = 'gw-01') => ({ gateway, version, people: [] })
const signed = (body: unknown, key = pair.privateKey) => {
  const text = JSON.stringify(body)
  return Buffer.from(
    JSON.stringify({ body: text, sig: sign(null, Buffer.from(text), key).toString('base64') }),
  )
}

test('a message down is opened only with the pinned key, over its exact bytes, and only as its schema says', () => {
  expect(openSigned(signed(roster(1)), pair.publicKey, Roster)).toMatchObject({ ok: true })
  const other = generateKeyPairSync('ed25519')
  const invalid = { ok: false, code: 'signature-invalid' }
  expect(openSigned(signed(roster(1), other.privateKey), pair.publicKey, Roster)).toEqual(invalid)
  const changed = Buffer.from(signed(roster(1)).toString().replace('gw-01', 'gw-02'))
  expect(openSigned(changed, pair.publicKey, Roster)).toEqual(invalid)
  const schema = { ok: false, code: 'edge-schema' }
  expect(openSigned(signed({ version: 1 }), pair.publicKey, Roster)).toEqual(schema)
  for (const noise of ['', '{', '[]', '{"body":1,"sig":"x"}'])
    expect(openSigned(Buffer.from(noise), pair.publicKey, Roster)).toEqual(schema)
})

test('only an Ed25519 key can be pinned', () => {
  const pem = pair.publicKey.export({ type: 'spki', format: 'pem' }).toString()
  expect(pinnedKey(pem).asymmetricKeyType).toBe('ed25519')
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey
  expect(() => pinnedKey(rsa.export({ type: 'spki', format: 'pem' }).toString())).toThrow(/Ed25519/)
})

test('S3: an older or foreign roster is not taken, also after a restart', () => {
  const keeper = new RosterKeeper('gw-01', {})
  const put = keeper.accept(roster(5))
  expect(put?.key).toBe('roster')
  expect(keeper.accept(roster(5))).toBeNull()
  expect(keeper.accept(roster(4))).toBeNull()
  expect(keeper.accept(roster(9, 'gw-02'))).toBeNull()
  const again = new RosterKeeper('gw-01', { roster: put?.value ?? '' })
  expect(again.version()).toBe(5)
  expect(again.accept(roster(4))).toBeNull()
})

test('S5: a nonce holds for five seconds on the monotonic clock, whatever the wall clock does, and dies with the link', () => {
  const clock = new VirtualClock()
  const nonces = new Nonces(clock)
  const nonce = nonces.issue()
  clock.jump(-86_400_000)
  expect(nonces.validUntil(nonce)).toBe(5000)
  clock.advance(5000)
  expect(nonces.validUntil(nonce)).toBe(5000)
  clock.advance(1)
  expect(nonces.validUntil(nonce)).toBeNull()
  const second = nonces.issue()
  nonces.linkLost()
  expect(nonces.validUntil(second)).toBeNull()
  expect(nonces.validUntil(null)).toBeNull()
  expect(new Set(Array.from({ length: 100 }, () => nonces.issue())).size).toBe(100)
})
