import { expect, test } from 'vitest'
import { assignShelves } from './assign.ts'
import { catalogueOf } from './catalogue.ts'
import { locatingConstants } from './constants.ts'
import { prepareWalk } from './prepare-walk.ts'
import { epcKey, ReadBook } from './read-book.ts'
import { evidenceOf } from './tag-evidence.ts'
import { foreignEpc, testWalk } from './testing.ts'

/** How much better an unknown tag fits its board than the one behind, were it so far beyond it. */
function infront(seed: number, beyond: number): number {
  const { reads, scene } = testWalk({
    ...{ seed, reads: 40, bias: 0 },
    stand: ([low = [], middle = [], high = []]) => [low, middle.toSpliced(7, 0, foreignEpc), high],
    beyondMm: (epc) => (epc === foreignEpc ? beyond : 0),
  })
  const book = ReadBook.of(reads)
  book.settle()
  const walk = prepareWalk(book, scene, catalogueOf(scene, book), locatingConstants, new Map())
  const tag = book.tags.find(epcKey(foreignEpc))
  const belief = assignShelves(walk, walk.tiers).find((b) => b.tag === tag)
  if (!belief) throw new Error('not heard')
  const on = evidenceOf(walk, walk.tiers, belief, 0).byTier.get(walk.tiers.ofShelf[1] as number)
  return on?.infront ?? Number.NaN
}

test('in empty space phases tell an unknown tag of this face from one of the face behind, however loud it is', () => {
  for (const seed of [1, 2, 3, 4]) {
    expect(infront(seed, 0)).toBeGreaterThan(0.5)
    expect(infront(seed, 600)).toBeLessThan(-0.5)
  }
})
