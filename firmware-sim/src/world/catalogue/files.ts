/** The 65,772 files in their boxes. */
import type { CatalogueLine, SecrecyLevel } from '@lantai/contracts'
import type { Rng } from '../rng.ts'
import type { StoreBox } from './boxes.ts'
import { type BoxRun, fonds, series } from './categories.ts'
import { type Household, type Subjects, two } from './subjects.ts'
import { titleOf } from './titles.ts'
import { fileCount, filesPerBox, pagesPerFile } from './volumes.ts'

export type FileLine = CatalogueLine<'file'>

export function* buildFiles(
  boxes: readonly StoreBox[],
  runs: readonly BoxRun[],
  all: Subjects,
  rng: Rng,
): Generator<FileLine> {
  const perBox = filesPerBox(boxes, rng.fork('per-box'))
  const pages = pagesPerFile(fileCount, rng.fork('pages'))
  const draw = rng.fork('titles')
  const household = householdDraw(all, draw)
  const volumes = new Map<string, number>()
  const serials = new Map<string, number>()
  let box = 0
  let file = 0
  for (const run of runs) {
    for (let b = 0; b < run.boxes; b++, box++) {
      const volume = next(volumes, run.category)
      for (let position = 1; position <= (perBox[box] as number); position++) {
        const { title, subjects } = titleOf[run.series]({
          rng: draw,
          year: run.year,
          serial: next(serials, run.category),
          household: household(run.series === 'DK'),
          all,
        })
        yield {
          kind: 'file',
          refCode: `${fonds.code}-${run.category}-${String(volume).padStart(4, '0')}-${String(position).padStart(3, '0')}`,
          fonds: fonds.code,
          category: run.category,
          box: (boxes[box] as StoreBox).code,
          position,
          title,
          responsible: responsibleOf(draw),
          date: dayOf(run, b, draw),
          pages: pages[file++] as number,
          retention: series[run.series].retention,
          secrecy: run.secrecy,
          openness: opennessOf(run.secrecy, draw),
          subjects: subjects.map((s) => s.key),
        }
      }
    }
  }
}

/** Loans bring in households one after the other; later papers come from those that are known already. */
function householdDraw(all: Subjects, rng: Rng): (isLoan: boolean) => Household {
  let known = 0
  const total = all.households.length
  const pace = total / (fileCount * series.DK.share * 0.97)
  return (isLoan) => {
    const fresh = known === 0 || (isLoan && rng.chance(pace))
    if (fresh && known < total) return all.households[known++] as Household
    // Mostly recent ones: contract, certificate and first withdrawal follow the loan within a year or two.
    const back = rng.chance(0.7) ? Math.min(known, 5_000) : known
    return all.households[known - 1 - rng.int(0, back - 1)] as Household
  }
}

function next(counters: Map<string, number>, key: string): number {
  const n = (counters.get(key) ?? 0) + 1
  counters.set(key, n)
  return n
}

const branches = ['', '', '', '', '岚山分中心', '莒县分中心', '五莲分中心'] as const
const responsibleOf = (rng: Rng) => `${fonds.creator}${rng.pick(branches)}`

/** Boxes of a run go through the year from January to December. */
function dayOf(run: BoxRun, index: number, rng: Rng): string {
  const month = Math.min(12, Math.floor((index / run.boxes) * 12) + 1)
  return `${run.year}-${two(month)}-${two(rng.int(1, 28))}`
}

function opennessOf(secrecy: SecrecyLevel, rng: Rng): string {
  if (secrecy === 'open') return '开放'
  if (secrecy === 'internal') return rng.chance(0.08) ? '未审核' : '控制'
  return '延期开放'
}
