/**
 * The catalogue echo: hears EPCs, ignores the radio and repeats the catalogue. It gets most ranks right and finds no
 * misplaced box; whoever is not far above it where it matters has found nothing.
 */
import type { ExpectedBox, Located } from '@lantai/contracts'
import { type Method, sameEpc } from '../case.ts'

/** What the echo claims of every box: that the catalogue is right for nine of ten. */
const claim = 0.9

function echoed(box: ExpectedBox, read: boolean, rank: number): Located {
  const place = read ? { shelf: box.shelf, rank } : { shelf: null, rank: null }
  const said = read ? 'found' : 'unread'
  const nothing = { xMm: null, sigmaMm: null }
  return { epc: box.epc, ...place, ...nothing, class: said, confidence: read ? claim : 0 }
}

export const echo: Method = {
  name: 'catalogue echo',
  confident: true,
  answer({ scene, reads }) {
    const heard = new Map(reads.map((r) => [sameEpc(r.epc), r.epc]))
    const expected = scene.expected ?? []
    const located: Located[] = []
    for (const row of Map.groupBy(expected, (e) => e.shelf).values()) {
      let rank = 0
      for (const box of row.sort((a, b) => a.rank - b.rank)) {
        const read = heard.delete(sameEpc(box.epc))
        if (read) rank++
        located.push(echoed(box, read, rank))
      }
    }
    const known = new Set(scene.references.map((r) => sameEpc(r.epc)))
    for (const [key, epc] of heard) {
      const nothing = { shelf: null, xMm: null, sigmaMm: null, rank: null }
      if (!known.has(key)) located.push({ epc, ...nothing, class: 'foreign', confidence: claim })
    }
    return { located, misplacement: new Map(), suspected: [] }
  },
}
