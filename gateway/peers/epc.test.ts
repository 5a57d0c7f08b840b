/** Our EPC codec against the golden vectors, and against epc-tds where ours accepts: it is not strict (devices 4). */
import { createRequire } from 'node:module'
import {
  checkProfiles,
  type EpcProfile,
  encodeEpc,
  idUri,
  parsePc,
  parseTid,
  readGs1,
  readTag,
  tagUri,
} from '@lantai/contracts'
import fc from 'fast-check'
import type { Static } from 'typebox'
import { expect, test } from 'vitest'
import vectors from '../../contracts/vectors/epc.json' with { type: 'json' }

/** Its types promise a `default` that its CommonJS does not have. */
const epcTds = createRequire(import.meta.url)('epc-tds') as typeof import('epc-tds')['default']

test.each(vectors.accepted)('$scheme $hex ($source)', ({ hex, scheme, filter, parts }) => {
  const epc = { scheme, filter, parts }
  const read = readGs1(hex, parsePc(0x3000))
  expect(read).toEqual({ ok: true, epc })
  if (!read.ok) return
  expect(encodeEpc(read.epc)).toBe(hex)
  const kind = scheme.slice(0, -3)
  expect(idUri(read.epc)).toBe(`urn:epc:id:${kind}:${parts.join('.')}`)
})

test.each(vectors.refused)('refused: $name', ({ hex, pc, reason, looksLike }) => {
  const read = readTag(hex, pc ?? null)
  expect(read).toMatchObject({ kind: 'raw', hex, reason })
  if (looksLike !== undefined) expect(read).toMatchObject({ looksLike })
})

test.each(vectors.pc)('PC word $word', ({ word, is }) => expect(parsePc(word)).toEqual(is))
test.each(vectors.tid)('TID $hex: $source', ({ hex, is }) => expect(parseTid(hex)).toEqual(is))

const profiles = vectors.profiles.map((p) => p.profile as Static<typeof EpcProfile>)
test('the profiles of the vectors have nothing wrong', () => {
  expect(checkProfiles(profiles)).toEqual([])
})
test.each(
  vectors.profiles.flatMap(({ profile, tags }) =>
    tags.map((tag) => ({ name: profile.name, pc: null, box: null, reason: null, ...tag })),
  ),
)('profile $name: $hex with PC $pc', ({ hex, pc, box, reason }) => {
  const read = readTag(hex, pc, profiles)
  if (box !== null) expect(read).toMatchObject({ kind: 'profile', reading: { box } })
  else expect(read).toMatchObject({ kind: 'raw', hex, reason })
})

/** Behind a prefix of 12 digits there is no reference: the standard's URI has nothing there, theirs a 0. */
const asTheyWrite = (uri: string) => uri.replace('..', '.0.')

/** Of each scheme in turn; most random bytes behind a header are refused, and those are not its business. */
test('epc-tds says the same of everything that we accept', () => {
  const header = fc.constantFrom('30', '32', '33', '34', '35', '2C')
  const rest = fc.uint8Array({ minLength: 11, maxLength: 11 })
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(header, rest, (first, bytes) => {
      const hex = first + Buffer.from(bytes).toString('hex').toUpperCase()
      const read = readGs1(hex)
      if (!read.ok) return
      const { scheme } = read.epc
      const theirs = epcTds.valueOf(hex)
      expect(theirs.toHexString().toUpperCase()).toBe(hex)
      expect(theirs.toTagURI()).toBe(asTheyWrite(tagUri(read.epc)))
      expect(theirs.toIdURI()).toBe(asTheyWrite(idUri(read.epc)))
      seen.set(scheme, (seen.get(scheme) ?? 0) + 1)
    }),
    { seed: 20261122, numRuns: 20_000 },
  )
  for (const count of seen.values()) expect(count).toBeGreaterThan(100)
  expect(seen.size).toBe(6)
})
