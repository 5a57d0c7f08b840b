/** The demo store as one value: what stands where, what is in it, who has what. */
import type { CatalogueLine, SecrecyLevel, StackLayout } from '@lantai/contracts'
import { Rng } from '../rng.ts'
import { buildBoxes, type StoreBox } from './boxes.ts'
import { type BoxRun, boxRuns, categoryLines, fonds } from './categories.ts'
import { buildFiles } from './files.ts'
import { demoLayout } from './layout.ts'
import { buildBorrowers, buildLoans } from './lending.ts'
import { buildSubjects } from './subjects.ts'

export interface Store {
  readonly layout: StackLayout
  readonly boxes: readonly StoreBox[]
  readonly runs: readonly BoxRun[]
  readonly borrowers: readonly CatalogueLine<'borrower'>[]
  readonly loans: readonly CatalogueLine<'loan'>[]
}

/** Everything but the files: enough for the world, and quick. `today` as `YYYY-MM-DD`. */
export function buildStore(seed: string, today: string): Store {
  const rng = new Rng(seed)
  const boxes = buildBoxes(rng.fork('boxes'))
  const runs = boxRuns(boxes.length, rng.fork('runs'))
  const levels: SecrecyLevel[] = runs.flatMap((r) =>
    Array.from({ length: r.boxes }, () => r.secrecy),
  )
  const borrowers = buildBorrowers(today, rng.fork('borrowers'))
  const loans = buildLoans(
    today,
    boxes,
    (i) => levels[i] ?? 'topSecret',
    borrowers,
    rng.fork('loans'),
  )
  return { layout: demoLayout(), boxes, runs, borrowers, loans }
}

/** The import's lines, in the order of their kinds. Accounts are not here: the site makes its own. */
export function* catalogueLines(seed: string, today: string): Generator<CatalogueLine> {
  const rng = new Rng(seed)
  const store = buildStore(seed, today)
  yield { kind: 'layout', layout: store.layout }
  yield fonds
  yield* categoryLines(store.runs)
  const counted = rng.fork('counted')
  for (const b of store.boxes) yield boxLine(b, today, counted)
  const all = buildSubjects(rng.fork('subjects'))
  yield* all.units
  for (const h of all.households) for (const p of h) if (p) yield p
  yield* buildFiles(store.boxes, store.runs, all, rng.fork('files'))
  yield* store.borrowers
  yield* store.loans
}

/** A count walks one column in an afternoon; the last round took some weeks and left 丁 out. */
function boxLine(box: StoreBox, today: string, rng: Rng): CatalogueLine<'box'> {
  const { column, ...line } = box
  const at =
    Date.parse(`${today}T06:00:00Z`) - (50 - column) * 86_400_000 + rng.int(0, 9_000) * 1000
  const missed = column > 34 || rng.chance(0.004)
  return {
    kind: 'box',
    ...line,
    lastCounted: missed ? null : new Date(at).toISOString(),
  }
}
