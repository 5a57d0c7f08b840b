/** The cart of the demo store: what stands on a face by the catalogue, what is wrong with it in truth, and the plan of a count. */
import type { FrozenScene } from '@lantai/contracts'
import type { Stage } from '../stage.ts'
import type { StoreFacts } from '../store-facts.ts'

/** A box of the catalogue that nobody has borrowed. */
export interface FaceBox {
  readonly code: string
  readonly epc: string
  readonly spineMm: number
  /** `24A-1-3`. */
  readonly shelf: string
  readonly slot: number
}

type Survey = Pick<FrozenScene, 'antennas' | 'shelves' | 'references'>
/** What a surveyor wrote down, and where the cart stands. */
export interface CartVisit {
  readonly standsAtMm: number
  readonly survey: Survey
}

/** As the server has them now: boxes on loan are not expected (locating 7). */
export async function boxesOfFace(facts: StoreFacts, column: number, side: 'A' | 'B') {
  const rows = await facts.rows<Omit<FaceBox, 'spineMm'> & { spine_mm: number }>(
    `select b.code, b.epc, b.spine_mm, p.slot,
       concat(p."column", p.side, '-', p.section, '-', p.shelf) as shelf
     from placement p join box b using (site_id, box_id)
     where p."column" = $1 and p.side = $2
       and not exists (select from loan l where l.box_id = b.box_id and l.returned_at is null)
     order by p.section, p.shelf, p.slot`,
    [column, side],
  )
  return rows.map(({ spine_mm: spineMm, ...box }): FaceBox => ({ ...box, spineMm }))
}

/** Frozen before the walk. */
export function planOf(face: string, boxes: readonly FaceBox[], survey: Survey): FrozenScene {
  const shelves = Map.groupBy(boxes, (b) => b.shelf)
  const expected = [...shelves].flatMap(([shelf, row]) =>
    row.map(({ epc, spineMm }, i) => ({ epc, shelf, rank: i + 1, thicknessMm: spineMm })),
  )
  return { face, ...survey, expected, labels: boxes.map(({ epc, code }) => ({ epc, label: code })) }
}

export const putBox = (stage: Stage, { code }: { code: string }, at: string) =>
  stage.site.control.act('/world/place', { box: code, at })

/** The cart is put before the face in truth, with what cannot be seen from the catalogue. */
export const standCart = (
  stage: Stage,
  body: { face: string; dead: string[]; obstructed: string[] },
) => stage.site.control.act<CartVisit>('/world/cart', body)

/** Walks it to the other end; resolves when it has come there. */
export async function walkCart(stage: Stage, speedMmPerS: number): Promise<void> {
  await stage.site.control.act('/world/walk', { speedMmPerS })
  const { idle } = await stage.site.control.read<{ idle: boolean }>('/world/idle?timeoutMs=120000')
  if (!idle) throw new Error('the cart does not arrive')
}
