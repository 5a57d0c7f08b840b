/** A catalogue for a recorded row, right or with planted errors: pairs of neighbours that it has the other way round. */
import type { LocatingCase, TruePlace } from './case.ts'
import { seeded } from './prng.ts'

/** The catalogue of a row whose truth is in order from left to right, before anything was moved. */
function expectedOf(row: readonly TruePlace[], thicknessMm: number) {
  return row.map(({ epc, shelf }, i) => ({ epc, shelf: shelf as string, rank: i + 1, thicknessMm }))
}

/**
 * `share` of the boxes, in expectation, are exchanged with a neighbour: in one row after the other at most one pair, so
 * that each error stands alone. Tags without a known place are never exchanged.
 */
export function withCatalogue(
  given: LocatingCase,
  thicknessMm: number,
  share: number,
  seed: string,
): LocatingCase {
  const row = given.truth.filter((t) => t.shelf !== null)
  const scored = row.filter((t) => t.scored)
  const random = seeded(`catalogue/${seed}/${given.name}`)
  const draw = random()
  const at = row.indexOf(scored[Math.floor(random() * (scored.length - 1))] as TruePlace)
  const pair = draw < (share * scored.length) / 2 ? [row[at], row[at + 1]] : []
  const told = row.map((t) => (t === pair[0] ? pair[1] : t === pair[1] ? pair[0] : t) as TruePlace)
  return {
    ...given,
    scene: { ...given.scene, expected: expectedOf(told, thicknessMm) },
    truth: given.truth.map((t) => ({ ...t, moved: pair.includes(t) })),
  }
}
