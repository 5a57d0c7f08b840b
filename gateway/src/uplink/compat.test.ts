/** ADR 12: a server one contract version older or newer is understood. */
import { generateKeyPairSync, sign } from 'node:crypto'
import { Ack, Command, DesiredConfig, Reject, Roster, Witness } from '@lantai/contracts'
import { expect, test } from 'vitest'
import older from '../../../contracts/vectors/contract-4.json' with { type: 'json' }
import { hashOf } from '../core/config-keeper.ts'
import { desired, file } from '../core/config-testing.ts'
import { openSigned, readTolerantly } from './signed.ts'

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const signed = (value: unknown) => {
  const body = JSON.stringify(value)
  const sig = sign(null, Buffer.from(body), privateKey).toString('base64')
  return Buffer.from(JSON.stringify({ body, sig }))
}
const { down } = older
const plain = [
  ['ack', Ack, down.ack],
  ['reject', Reject, down.reject],
  ['witness', Witness, down.witness],
] as const

test.each(plain)(
  'ADR 12: %s of a server that is older by one, and of one that is newer',
  (_n, schema, said) => {
    expect(readTolerantly(schema, said)).toEqual(said)
    expect(readTolerantly(schema, { ...said, shard: { id: 7 } })).toEqual(said)
    const { length } = Object.keys(said)
    expect(length).toBeGreaterThan(1)
    expect(readTolerantly(schema, Object.fromEntries(Object.entries(said).slice(1)))).toBe(null)
  },
)

test('ADR 12: a roster and a device list of a newer server are taken without what is not known here', () => {
  const open = (value: unknown) => openSigned(signed(value), publicKey, Roster, 'tolerant')
  expect(open(down.roster)).toEqual({ ok: true, body: down.roster })
  expect(open({ ...down.roster, until: 'tomorrow' })).toEqual({ ok: true, body: down.roster })
  const body = file()
  const list = desired(3, body)
  const opened = openSigned(signed({ ...list, urgency: 1 }), publicKey, DesiredConfig, 'tolerant')
  expect(opened).toEqual({ ok: true, body: list })
  // What is hashed is never cleaned: a list with more in it is another list, and is refused whole.
  expect(hashOf({ ...body, more: 1 })).not.toBe(list.sha256)
})

test('S5 ADR 12: a command of an older server holds; one with a word that is not known is never carried out', () => {
  const open = (value: unknown) => openSigned(signed(value), publicKey, Command)
  expect(open(down.cmd)).toEqual({ ok: true, body: down.cmd })
  expect(open({ ...down.cmd, onlyIf: 'nobody is there' })).toEqual({
    ok: false,
    code: 'edge-schema',
  })
})
