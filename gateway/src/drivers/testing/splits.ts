import fc from 'fast-check'
import { expect } from 'vitest'
import type { CreateDecoder, Decoded } from '../decode.ts'

/** For tests: a decoder says the same for every split of a stream, and its lines cover it without a gap. */
export function splitsAgree(stream: fc.Arbitrary<Uint8Array>, create: CreateDecoder) {
  fc.assert(
    fc.property(stream, fc.array(fc.nat(), { maxLength: 8 }), (bytes, cuts) => {
      const at = [...new Set(cuts.map((c) => c % (bytes.length + 1)))].sort((a, b) => a - b)
      const pieces = [...at, bytes.length].map((to, i) => bytes.subarray(at[i - 1] ?? 0, to))
      const whole = readAll([bytes], create)
      expect(readAll(pieces, create)).toEqual(whole)
      expect(
        readAll(
          [...bytes].map((b) => Uint8Array.of(b)),
          create,
        ),
      ).toEqual(whole)
      let covered = 0
      for (const d of whole) {
        expect(d.offset).toBe(covered)
        covered += d.length
      }
      expect(covered).toBe(bytes.length)
    }),
    { seed: 37, numRuns: 300 },
  )
}

function readAll(pieces: readonly Uint8Array[], create: CreateDecoder): Decoded[] {
  const decoder = create()
  return [...pieces.flatMap((p) => decoder.push(p)), ...decoder.end()]
}
