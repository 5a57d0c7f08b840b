import { createHash, createPublicKey, generateKeyPairSync, sign } from 'node:crypto'
import { VirtualClock } from '@lantai/contracts'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { isConsistent } from './merkle.ts'
import { keyHash, openNote } from './note.ts'
import { WitnessKeeper } from './witness.ts'

const hex = (s: string) => Buffer.from(s, 'hex')

// Roots and proofs of the reference tree of the Certificate Transparency project (RFC 6962 test data).
const roots = [
  '6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d',
  'fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125',
  'aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77',
  'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
  '4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4',
  '76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef',
  'ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c',
  '5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328',
].map(hex)
const root = (size: number) => roots[size - 1] ?? Buffer.alloc(0)
const vectors: [number, number, string[]][] = [
  [1, 1, []],
  [
    1,
    8,
    [
      '96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7',
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      '6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4',
    ],
  ],
  [
    6,
    8,
    [
      '0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a',
      'ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0',
      'd37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7',
    ],
  ],
  [
    2,
    5,
    [
      '5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e',
      'bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b',
    ],
  ],
]

test('L6: the published consistency proofs hold, and fail with any byte changed, cut or added', () => {
  for (const [first, second, texts] of vectors) {
    const proof = texts.map(hex)
    expect(isConsistent(first, second, root(first), root(second), proof)).toBe(true)
    expect(isConsistent(first, second, root(first), root(second), [...proof, root(1)])).toBe(false)
    if (proof.length === 0) continue
    expect(isConsistent(first, second, root(first), root(second), proof.slice(1))).toBe(false)
    expect(isConsistent(first, second, root(second), root(first), proof)).toBe(false)
    proof.forEach((part, n) => {
      for (let i = 0; i < part.length; i++) {
        const changed = proof.map((p) => Buffer.from(p))
        changed[n]?.writeUInt8((part[i] ?? 0) ^ 1, i)
        expect(isConsistent(first, second, root(first), root(second), changed)).toBe(false)
      }
    })
  }
})

// The tree once more, straight from the recursive definitions of RFC 6962 2.1, for all small sizes.
const sha = (...parts: Buffer[]) => createHash('sha256').update(Buffer.concat(parts)).digest()
const leaf = (n: number) => sha(Buffer.of(0), Buffer.from(`entry ${n}`))
const split = (n: number) => 2 ** (Math.ceil(Math.log2(n)) - 1)
function treeHash(from: number, to: number): Buffer {
  if (to - from === 1) return leaf(from)
  const k = split(to - from)
  return sha(Buffer.of(1), treeHash(from, from + k), treeHash(from + k, to))
}
function subProof(m: number, from: number, to: number, whole: boolean): Buffer[] {
  const n = to - from
  if (m === n) return whole ? [] : [treeHash(from, to)]
  const k = split(n)
  if (m <= k) return [...subProof(m, from, from + k, whole), treeHash(from + k, to)]
  return [...subProof(m - k, from + k, to, false), treeHash(from, from + k)]
}

test('L6: every proof by the definition is accepted, and none that leads from another tree', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.integer({ min: 1, max: 70 }), (a, b) => {
      const [m, n] = a < b ? [a, b] : [b, a]
      const proof = subProof(m, 0, n, true)
      expect(isConsistent(m, n, treeHash(0, m), treeHash(0, n), proof)).toBe(true)
      if (m < n) expect(isConsistent(m, n, treeHash(1, m + 1), treeHash(0, n), proof)).toBe(false)
    }),
  )
})

test('L5: a signed note of the reference implementation is opened, and not with a letter changed', () => {
  // From the documentation of golang.org/x/mod/sumdb/note.
  const [name = '', hash, encoded = ''] =
    'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW'.split('+')
  const raw = Buffer.from(encoded, 'base64')
  const key = createPublicKey({
    key: { kty: 'OKP', crv: 'Ed25519', x: raw.subarray(1).toString('base64url') },
    format: 'jwk',
  })
  expect(keyHash(name, key).toString('hex')).toBe(hash)
  const note =
    "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n" +
    '\n— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n'
  expect(openNote(note, key)).toMatch(/problem is\.\n$/)
  expect(openNote(note.replace('answer', 'Answer'), key)).toBeNull()
  expect(openNote(note.replace('x08go/', 'x08gp/'), key)).toBeNull()
})

const pair = generateKeyPairSync('ed25519')
function checkpoint(size: number, treeRoot: Buffer, signer = pair, origin = 'lantai/demo') {
  const text = `${origin}\n${size}\n${treeRoot.toString('base64')}\n`
  const sig = Buffer.concat([
    keyHash('lantai', signer.publicKey),
    sign(null, Buffer.from(text), signer.privateKey),
  ])
  return `${text}\n— lantai ${sig.toString('base64')}\n`
}
const grown = (from: number, to: number) => ({
  checkpoint: checkpoint(to, treeHash(0, to)),
  fromSize: from,
  consistency: from === 0 ? [] : subProof(from, 0, to, true).map((p) => p.toString('base64')),
})

test('L5: while the ledger’s key is changed a checkpoint bears both, and a gateway goes on under the old pin and then the new', () => {
  const clock = new VirtualClock()
  const next = generateKeyPairSync('ed25519')
  const both = (from: number, to: number) => {
    const message = grown(from, to)
    const [, second = ''] = checkpoint(to, treeHash(0, to), next).split('\n\n')
    return { ...message, checkpoint: message.checkpoint + second }
  }
  const witness = new WitnessKeeper(pair.publicKey, {}, clock)
  witness.judge(grown(0, 5))
  const { answer, put } = witness.judge(both(5, 9))
  expect(answer).toMatchObject({ ok: true, size: 9 })
  const pinned = new WitnessKeeper(next.publicKey, { witness: put?.value ?? '' }, clock)
  const alone = { ...grown(9, 12), checkpoint: checkpoint(12, treeHash(0, 12), next) }
  expect(pinned.judge(alone).answer).toMatchObject({ ok: true, size: 12 })
})

test('L6: the witness keeps what it saw over a restart and accepts only a log that goes on from there', () => {
  const clock = new VirtualClock()
  const witness = new WitnessKeeper(pair.publicKey, {}, clock)
  expect(witness.judge(grown(0, 5)).answer).toMatchObject({ ok: true, size: 5 })
  const { answer, put } = witness.judge(grown(5, 9))
  expect(answer).toMatchObject({ ok: true, size: 9 })
  const again = new WitnessKeeper(pair.publicKey, { witness: put?.value ?? '' }, clock)
  expect(again.size()).toBe(9)
  const refused: [object, RegExp][] = [
    [grown(5, 7), /behind/],
    [grown(5, 12), /proof begins at 5/],
    [{ ...grown(9, 12), consistency: [] }, /not consistent/],
    [{ ...grown(9, 12), checkpoint: checkpoint(12, treeHash(1, 13)) }, /not consistent/],
    [{ ...grown(9, 9), checkpoint: checkpoint(9, treeHash(1, 10)) }, /not consistent/],
    [
      {
        ...grown(9, 12),
        checkpoint: checkpoint(12, treeHash(0, 12), generateKeyPairSync('ed25519')),
      },
      /signature/,
    ],
    [
      { ...grown(9, 12), checkpoint: checkpoint(12, treeHash(0, 12), pair, 'lantai/other') },
      /another log/,
    ],
  ]
  for (const [message, why] of refused) {
    const judged = again.judge(message as ReturnType<typeof grown>)
    expect(judged).toMatchObject({ put: null, answer: { ok: false, size: 9 } })
    expect(judged.answer.detail).toMatch(why)
  }
  expect(again.judge(grown(9, 12)).answer).toMatchObject({ ok: true, size: 12 })
})
