import fc from 'fast-check'
import { expect, test } from 'vitest'
import { twice } from './constants.ts'
import { type Impossible, TwoPlaces } from './two-places.ts'

const epc = '3034257BF7194E4000001A85'

function watch() {
  const said: Impossible[] = []
  return { said, two: new TwoPlaces((fact) => said.push(fact)) }
}

/** Read in turn at two readers, every `everyMs`. */
function inTurn(two: TwoPlaces, of: string, from: number, everyMs: number, times = 10) {
  for (let n = 0; n < times; n++)
    two.read(n % 2 === 0 ? 'desk-1' : 'door-1', of, undefined, from + n * everyMs)
}

test('one tag at two readers at once is said, once', () => {
  const { said, two } = watch()
  inTurn(two, epc, 0, 300, 200)
  expect(said).toEqual([{ what: 'two-places', epc, readers: ['desk-1', 'door-1'] }])
})

test('a box that is carried from one reader to the other is nothing', () => {
  const { said, two } = watch()
  inTurn(two, epc, 0, 5000)
  // One report that came late.
  two.read('desk-1', epc, undefined, 100_000)
  two.read('door-1', epc, undefined, 100_200)
  expect(said).toEqual([])
})

test('two serial numbers under one EPC are two tags, also at one reader', () => {
  const { said, two } = watch()
  two.read('desk-1', epc, 'E2801160', 0)
  two.read('desk-1', epc, undefined, 100)
  two.read('desk-1', epc, 'E2801161', 60_000)
  two.read('desk-1', epc, 'E2801160', 60_100)
  expect(said).toEqual([
    { what: 'two-tags', epc, readers: ['desk-1'], tids: ['E2801160', 'E2801161'] },
  ])
})

test('readers that hear the same place are told as such, and tags between them no more', () => {
  const { said, two } = watch()
  for (let n = 0; n < 8; n++) inTurn(two, `3034257BF7194E40000000${10 + n}`, n * 10_000, 300)
  expect(said.map((f) => f.what)).toEqual(['two-places', 'two-places', 'fields-overlap'])
})

test('whatever one reader reads, it alone never makes a tag be in two places', () => {
  const reads = fc.array(
    fc.record({ after: fc.integer({ min: 0, max: 3000 }), tag: fc.integer({ min: 0, max: 4 }) }),
  )
  fc.assert(
    fc.property(reads, (list) => {
      const { said, two } = watch()
      let at = 0
      for (const { after, tag } of list) {
        at += after
        two.read('desk-1', `${epc}${tag}`, undefined, at)
      }
      expect(said).toEqual([])
    }),
  )
})

test('a flood of tags takes neither more room nor more time a tag, and those read lately are still followed', () => {
  const { said, two } = watch()
  for (let n = 0; n < 5 * twice.tracesKept; n++) {
    two.read('door-1', n.toString(16).padStart(24, '0'), undefined, n / 100)
    if (n % 10_000 === 0) two.read(n % 20_000 === 0 ? 'desk-1' : 'door-1', epc, undefined, n / 100)
  }
  expect(two.followed).toBe(twice.tracesKept)
  expect(said).toEqual([{ what: 'two-places', epc, readers: ['desk-1', 'door-1'] }])
})
